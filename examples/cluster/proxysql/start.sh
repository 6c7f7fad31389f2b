#!/bin/sh
# Starts ProxySQL with a configuration that is made from the environment, so that no file holds a password.
set -eu
umask 077
cat >/tmp/proxysql.cnf <<CONFIGURATION
datadir="/var/lib/proxysql"
admin_variables=
{
    admin_credentials="admin:admin"
    # From inside the container only.
    mysql_ifaces="127.0.0.1:6032"
}
mysql_variables=
{
    interfaces="0.0.0.0:6033"
    threads=2
    max_connections=1000
    default_charset="utf8mb4"
    server_version="8.2.0"
    monitor_username="monitor"
    monitor_password="$MONITOR_PASSWORD"
    monitor_read_only_interval=1000
    # A transaction whose server is gone fails; the node repeats what it may repeat.
    connect_retries_on_failure=10
}
mysql_servers=
(
    { address="mysql", port=3306, hostgroup=0, max_connections=400 },
    { address="mysql-replica", port=3306, hostgroup=1, max_connections=400 }
)
mysql_users=
(
    { username="newapi", password="$NEWAPI_DATABASE_PASSWORD", default_hostgroup=0, transaction_persistent=1 }
)
# Whoever may be written to is in group 0.
mysql_replication_hostgroups=
(
    { writer_hostgroup=0, reader_hostgroup=1, check_type="read_only", comment="newapi" }
)
CONFIGURATION
exec proxysql -f --initial -c /tmp/proxysql.cnf
