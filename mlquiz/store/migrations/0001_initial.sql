-- the log: append-only, the only truth

create table review (
    id text primary key,
    session text not null,
    question text not null,
    revision text not null,
    key text not null,
    seed integer not null,
    at text not null,
    day integer not null,
    seconds real,
    answer text not null,
    params text not null,
    confidence text,
    score real not null check (score between 0 and 1),
    right integer not null check (right in (0, 1)),
    rating integer not null check (rating between 1 and 4),
    rated_by text not null check (rated_by in ('rule', 'learner')),
    forecast real,
    mode text not null,
    replaces text references review (id)
) strict;

create index review_question on review (question, day);
create index review_day on review (day);

create table retraction (
    id text primary key,
    review text not null unique references review (id),
    at text not null
) strict;

create table mark (
    id text primary key,
    question text not null,
    at text not null,
    what text not null
) strict;

create index mark_question on mark (question, id);

create trigger review_keeps before update on review begin select raise(abort, 'the log is append-only'); end;
create trigger review_stays before delete on review begin select raise(abort, 'the log is append-only'); end;
create trigger retraction_keeps before update on retraction begin select raise(abort, 'the log is append-only'); end;
create trigger retraction_stays before delete on retraction begin select raise(abort, 'the log is append-only'); end;
create trigger mark_keeps before update on mark begin select raise(abort, 'the log is append-only'); end;
create trigger mark_stays before delete on mark begin select raise(abort, 'the log is append-only'); end;

create view standing_review as
    select * from review where id not in (select review from retraction);

create view suspended as
    select question from mark as latest
    where what = 'suspended'
      and id = (
          select max(id) from mark
          where mark.question = latest.question and mark.what in ('suspended', 'resumed')
      );

-- the projection: a fold of the log under the bank's current keys; may be emptied and folded again at any time

create table memory (
    question text primary key,
    key text not null,
    stability real,     -- null: met, but nothing counts (revised since, or taken back)
    difficulty real,
    last integer,
    first integer       -- first day met; null: met under earlier keys only, that is revised
) strict, without rowid;

create table trace (
    day integer not null,
    id text not null,
    question text not null,
    recall real not null,
    known integer not null,
    primary key (day, id)
) strict, without rowid;

create index trace_question on trace (question);

create table state (
    one integer primary key check (one = 1),
    drift real not null,
    bank text not null  -- digest of the bank whose keys the projection was folded under
) strict;

insert into state values (1, 0.0, '');
