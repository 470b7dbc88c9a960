-- what the learner plans; the last one holds

create table plan (
    id text primary key,
    at text not null,
    day integer not null,
    body text not null
) strict;

create trigger plan_keeps before update on plan begin select raise(abort, 'the log is append-only'); end;
create trigger plan_stays before delete on plan begin select raise(abort, 'the log is append-only'); end;
