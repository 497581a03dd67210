%% How late a timer of 10 ms is, as any other process feels it: the largest delay since the start.
-module(lag).
-export([start/0, read_ms/0]).

-define(TICK_MS, 10).

start() ->
    register(?MODULE, spawn(fun() -> watch(now_us() + ?TICK_MS * 1000, 0) end)).

read_ms() ->
    ?MODULE ! {read, self()},
    receive {?MODULE, Us} -> Us / 1000 end.

watch(Due, Lag) ->
    receive
        {read, Reader} -> Reader ! {?MODULE, max(Lag, now_us() - Due)}
    after ?TICK_MS ->
        Now = now_us(),
        watch(Now + ?TICK_MS * 1000, max(Lag, Now - Due))
    end.

now_us() -> erlang:monotonic_time(microsecond).
