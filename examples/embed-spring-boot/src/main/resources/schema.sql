-- Customers are kind 1; kind 2 are limits of a customer's tokens, for programs that have some.
create table if not exists accounts (
    kind       int     not null,
    id         bigint  not null,
    units      bigint  not null,
    spent      bigint  not null default 0,
    chargeable boolean not null default true,
    primary key (kind, id)
);

-- One row for each run of the application; steps grows as long as it lives.
create table if not exists ledger_writers (
    id          char(32)    not null primary key,
    state       varchar(16) not null,
    applied_pos bigint      not null,
    steps       bigint      not null
);

-- What a run holds of the accounts; recall: another run needs what is idle there.
create table if not exists leases (
    writer char(32) not null,
    kind   int      not null,
    id     bigint   not null,
    held   bigint   not null,
    recall boolean  not null,
    primary key (writer, kind, id)
);

create index if not exists leases_by_account on leases (kind, id);
