-- what readiness was expected, as it was said at a session's end; never corrected afterwards

create table forecast (
    id text primary key,
    at text not null,
    day integer not null,
    on_day integer not null,
    body text not null
) strict;

create trigger forecast_keeps before update on forecast begin select raise(abort, 'the log is append-only'); end;
create trigger forecast_stays before delete on forecast begin select raise(abort, 'the log is append-only'); end;
