-- mock interviews: what was drawn, and the minutes kept of each; their answers are reviews of the session of that id

create table mock (
    id text primary key,
    at text not null,
    day integer not null,
    body text not null
) strict;

create table mock_minute (
    id text primary key,
    mock text not null references mock (id),
    at text not null,
    what text not null check (what in ('answered', 'written', 'paused', 'resumed', 'ended')),
    spent real not null,    -- seconds of the interview by then
    question text,
    seconds real,
    text text               -- of an open answer that is to be marked
) strict;

create index mock_minute_mock on mock_minute (mock, id);

create trigger mock_keeps before update on mock begin select raise(abort, 'the log is append-only'); end;
create trigger mock_stays before delete on mock begin select raise(abort, 'the log is append-only'); end;
create trigger minute_keeps before update on mock_minute begin select raise(abort, 'the log is append-only'); end;
create trigger minute_stays before delete on mock_minute begin select raise(abort, 'the log is append-only'); end;
