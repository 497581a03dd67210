%% The workloads on the BEAM. Needs Erlang/OTP (Debian: erlang-base).
%%
%%   erlc *.erl
%%   taskset -c 1 erl +S 1 +P 4000000 -noshell -run bench main ping-pong
%%
%% Prints one line of JSON; exits with 3 for a workload it does not have.
-module(bench).
-export([main/1]).

main(Args) ->
    logger:set_primary_config(level, none),
    case run(Args) of
        unknown ->
            erlang:halt(3);
        {N, Ns, Figures} ->
            More = [io_lib:format(",\"~s\":~w", [Key, Value]) || {Key, Value} <- Figures ++ [{timerLagMs, lag:read_ms()}]],
            io:format("{\"n\":~w,\"ns\":~.2f~s}~n", [N, Ns / N, More]),
            erlang:halt(0, [{flush, true}])
    end.

run(["spawn-keep"]) ->
    keep(1000000, fun() -> spawn(fun idle/0) end);
run(["spawn-exit"]) ->
    N = 1000000,
    {N, timed(fun() -> spawn_exit(N), sync() end), []};
run(["ping-pong"]) ->
    N = 1000000,
    Ponger = spawn(fun pong/0),
    {N, timed(fun() -> ping(Ponger, self(), N) end), []};
run(["ring", Processes]) ->
    ring(list_to_integer(Processes), 1000000);
run(["many-to-one"]) ->
    Senders = 100,
    Each = 10000,
    Self = self(),
    Flood = fun() ->
        [spawn(fun() -> produce(Self, Each) end) || _ <- lists:seq(1, Senders)],
        consume(Senders * Each)
    end,
    {Senders * Each, timed(Flood), []};
run(["call", "1"]) ->
    calls(1, 500000);
%% The counterpart of a handler that changes a draft: there are no drafts here.
run(["call-for-draft"]) ->
    calls(1, 500000);
run(["call", Clients]) ->
    calls(list_to_integer(Clients), 10000);
run(["call-behind"]) ->
    N = 100000,
    {ok, Server} = counter:start(),
    junk(1000000),
    {N, timed(fun() -> call(Server, N) end), []};
run(["server-keep"]) ->
    keep(1000000, fun() -> {ok, Pid} = counter:start(), Pid end);
run(["server-ping-pong"]) ->
    servers_play(fun player:serve/2, 1000000);
run(["server-cast"]) ->
    servers_play(fun player:serve_by_cast/2, 1000000);
run(["server-ring", Processes]) ->
    server_ring(list_to_integer(Processes), 1000000);
run(["start-stop"]) ->
    N = 100000,
    StartAndStop = fun() ->
        Servers = [element(2, counter:start()) || _ <- lists:seq(1, N)],
        [ok = gen_server:stop(Server) || Server <- Servers]
    end,
    {N, timed(StartAndStop), []};
run(["receive-ref"]) ->
    N = 200000,
    junk(10000),
    Server = spawn(fun echo/0),
    {N, timed(fun() -> ask(Server, N) end), []};
run(["receive-scan"]) ->
    N = 1000,
    junk(10000),
    {N, timed(fun() -> scan(self(), N) end), []};
run(["timer-cancel"]) ->
    timer_cancel(1000000);
run(["timer-due"]) ->
    timer_due(200000);
run(["links-down"]) ->
    process_flag(trap_exit, true),
    N = 100000,
    Pids = [spawn_link(fun idle/0) || _ <- lists:seq(1, N)],
    sync(),
    KillAll = fun() ->
        [exit(Pid, kill) || Pid <- Pids],
        [receive {'EXIT', _, _} -> ok end || _ <- Pids]
    end,
    {N, timed(KillAll), []};
run(["monitors-down"]) ->
    N = 100000,
    Pids = [element(1, spawn_monitor(fun idle/0)) || _ <- lists:seq(1, N)],
    sync(),
    KillAll = fun() ->
        [exit(Pid, kill) || Pid <- Pids],
        [receive {'DOWN', _, _, _, _} -> ok end || _ <- Pids]
    end,
    {N, timed(KillAll), []};
run(["skynet"]) ->
    Self = self(),
    Sum = fun() ->
        spawn(fun() -> skynet(Self, 0, 1000000) end),
        receive 499999500000 -> ok end
    end,
    {1111111, timed(Sum), []};
run(["start-child"]) ->
    N = 100000,
    {ok, Supervisor} = dynamic:start_link(),
    StartAndEnd = fun() ->
        Children = [element(2, supervisor:start_child(Supervisor, [])) || _ <- lists:seq(1, N)],
        [ok = supervisor:terminate_child(Supervisor, Child) || Child <- Children]
    end,
    {N, timed(StartAndEnd), []};
run(["restart", "full"]) ->
    restart_full(100000);
run(["restart", "sparse"]) ->
    restart_sparse(9, 100);
run(_) ->
    unknown.

%% ---- time and memory

now_ns() -> erlang:monotonic_time(nanosecond).

%% The start of the measured stretch; from here on a timer watches how late timers are.
begin_ns() ->
    lag:start(),
    now_ns().

timed(Fun) ->
    Start = begin_ns(),
    Fun(),
    now_ns() - Start.

resident() ->
    {ok, Statm} = file:read_file("/proc/self/statm"),
    [_, Pages | _] = binary:split(Statm, <<" ">>, [global]),
    binary_to_integer(Pages) * 4096.

%% Returns once every process spawned before has run.
sync() ->
    Self = self(),
    spawn(fun() -> Self ! synced end),
    receive synced -> ok end.

%% ---- processes

idle() ->
    receive stop -> ok end.

keep(N, Start) ->
    HeapBefore = erlang:memory(processes),
    ResidentBefore = resident(),
    StartNs = begin_ns(),
    Pids = [Start() || _ <- lists:seq(1, N)],
    sync(),
    Elapsed = now_ns() - StartNs,
    Figures = [
        {heapBytes, (erlang:memory(processes) - HeapBefore) div N},
        {residentBytes, (resident() - ResidentBefore) div N},
        {residentMb, resident() div 1000000}
    ],
    {length(Pids), Elapsed, Figures}.

spawn_exit(0) ->
    ok;
spawn_exit(N) ->
    spawn(fun() -> ok end),
    spawn_exit(N - 1).

%% ---- messages

pong() ->
    receive {From, ping} -> From ! pong, pong() end.

ping(_, _, 0) ->
    ok;
ping(Ponger, Self, N) ->
    Ponger ! {Self, ping},
    receive pong -> ping(Ponger, Self, N - 1) end.

ring(Processes, Hops) ->
    First = lists:foldl(
        fun(_, Next) -> spawn(fun() -> forward(Next) end) end,
        self(),
        lists:seq(2, Processes)
    ),
    sync(),
    {Hops, timed(fun() -> rounds(First, Hops div Processes) end), []}.

forward(Next) ->
    receive Token -> Next ! Token, forward(Next) end.

rounds(_, 0) ->
    ok;
rounds(First, N) ->
    First ! token,
    receive token -> rounds(First, N - 1) end.

servers_play(Serve, N) ->
    {ok, Ponger} = player:start(none, none),
    {ok, Pinger} = player:start(Ponger, self()),
    {N, timed(fun() -> Serve(Pinger, N), receive done -> ok end end), []}.

%% Gen_servers pass a number on, one less each time.
server_ring(Processes, Hops) ->
    Self = self(),
    [First | Others] = [element(2, relay:start(Self)) || _ <- lists:seq(1, Processes)],
    lists:foldl(fun(Next, Each) -> relay:connect(Each, Next), Next end, First, Others ++ [First]),
    sync(),
    {Hops, timed(fun() -> First ! Hops, receive done -> ok end end), []}.

produce(_, 0) ->
    ok;
produce(Consumer, N) ->
    Consumer ! {item, N},
    produce(Consumer, N - 1).

consume(0) ->
    ok;
consume(N) ->
    receive {item, _} -> consume(N - 1) end.

skynet(Parent, First, 1) ->
    Parent ! First;
skynet(Parent, First, Leaves) ->
    Self = self(),
    Each = Leaves div 10,
    [spawn(fun() -> skynet(Self, First + I * Each, Each) end) || I <- lists:seq(0, 9)],
    Parent ! sum(10, 0).

sum(0, Sum) ->
    Sum;
sum(N, Sum) ->
    receive Number -> sum(N - 1, Sum + Number) end.

%% ---- calls and selective receive

calls(Clients, Each) ->
    {ok, Server} = counter:start(),
    Self = self(),
    All = fun() ->
        [spawn(fun() -> call(Server, Each), Self ! done end) || _ <- lists:seq(1, Clients)],
        [receive done -> ok end || _ <- lists:seq(1, Clients)]
    end,
    {Clients * Each, timed(All), []}.

call(_, 0) ->
    ok;
call(Server, N) ->
    _ = gen_server:call(Server, increment),
    call(Server, N - 1).

echo() ->
    receive {From, Ref} -> From ! {Ref, answer}, echo() end.

ask(_, 0) ->
    ok;
ask(Server, N) ->
    Ref = make_ref(),
    Server ! {self(), Ref},
    receive {Ref, answer} -> ask(Server, N - 1) end.

junk(0) ->
    ok;
junk(N) ->
    self() ! {junk, N},
    junk(N - 1).

scan(_, 0) ->
    ok;
scan(Self, N) ->
    Self ! {wanted, N},
    receive {wanted, N} -> scan(Self, N - 1) end.

%% ---- timers

timer_cancel(N) ->
    Self = self(),
    Start = begin_ns(),
    Timers = [{I, erlang:send_after(60000 + rand:uniform(60000), Self, I)} || I <- lists:seq(1, N)],
    Set = now_ns(),
    cancel_nine_of_ten(Timers),
    End = now_ns(),
    Figures = [{setNs, (Set - Start) div N}, {cancelNs, (End - Set) * 10 div (9 * N)}],
    {N, End - Start, Figures}.

cancel_nine_of_ten([]) ->
    ok;
cancel_nine_of_ten([{I, _} | Timers]) when I rem 10 =:= 0 ->
    cancel_nine_of_ten(Timers);
cancel_nine_of_ten([{_, Timer} | Timers]) ->
    erlang:cancel_timer(Timer),
    cancel_nine_of_ten(Timers).

timer_due(N) ->
    Self = self(),
    At = begin_ns() div 1000000 + 1500,
    [erlang:send_after(At, Self, tick, [{abs, true}]) || _ <- lists:seq(1, N)],
    [receive tick -> ok end || _ <- lists:seq(1, N)],
    {N, now_ns() - At * 1000000, []}.

%% ---- supervision

%% As fast as the supervisor can: every child is killed as soon as it is up.
restart_full(Restarts) ->
    {ok, _} = children:start_link(1000, self()),
    {Restarts, timed(fun() -> kill_each(Restarts + 1000) end), []}.

kill_each(0) ->
    ok;
kill_each(N) ->
    receive {up, Pid} -> exit(Pid, kill), kill_each(N - 1) end.

%% Batches further apart than the period, so that the supervisor's list of restarts stays short. The median of them counts.
restart_sparse(Batches, Size) ->
    {ok, _} = children:start_link(1000, self()),
    Pids = [receive {up, Pid} -> Pid end || _ <- lists:seq(1, 1000)],
    begin_ns(),
    Times = lists:sort(batches(Batches, Size, Pids)),
    {Size, lists:nth(Batches div 2 + 1, Times), []}.

batches(0, _, _) ->
    [];
batches(N, Size, Pids) ->
    timer:sleep(2100),
    {Victims, Others} = lists:split(Size, Pids),
    Start = now_ns(),
    [exit(Pid, kill) || Pid <- Victims],
    New = [receive {up, Pid} -> Pid end || _ <- Victims],
    Elapsed = now_ns() - Start,
    [Elapsed | batches(N - 1, Size, Others ++ New)].
