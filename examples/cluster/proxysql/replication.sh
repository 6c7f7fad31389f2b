#!/bin/sh
# Makes the users that ProxySQL watches and the replica copies with, and starts the copying once. MYSQL_PWD is root's password.
set -eu

on() { mysql -h "$1" -u root; }

for server in mysql mysql-replica; do
    until echo "select 1" | on "$server" >/dev/null 2>&1; do sleep 2; done
done

on mysql <<SQL
create user if not exists 'monitor'@'%' identified by '$MONITOR_PASSWORD';
grant replication client on *.* to 'monitor'@'%';
create user if not exists 'replication'@'%' identified by '$REPLICATION_PASSWORD';
grant replication slave on *.* to 'replication'@'%';
SQL

if [ -z "$(echo "show replica status" | on mysql-replica)" ]; then
    # The replica starts empty, and copies everything from the first statement on: not what its own start wrote.
    on mysql-replica <<SQL
reset master;
change replication source to source_host = 'mysql', source_user = 'replication', source_password = '$REPLICATION_PASSWORD',
    source_auto_position = 1, get_source_public_key = 1;
start replica;
SQL
fi
