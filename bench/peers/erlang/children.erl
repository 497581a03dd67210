%% The supervisor of the restart workloads: children that tell Observer when they are up, and restarts without limit.
-module(children).
-behaviour(supervisor).
-export([start_link/2, start_child/1, init/1]).

start_link(Count, Observer) -> supervisor:start_link(?MODULE, {Count, Observer}).

init({Count, Observer}) ->
    Flags = #{strategy => one_for_one, intensity => 1000000000, period => 1},
    {ok, {Flags, [#{id => Id, start => {?MODULE, start_child, [Observer]}} || Id <- lists:seq(1, Count)]}}.

start_child(Observer) ->
    {ok, spawn_link(fun() ->
        Observer ! {up, self()},
        receive stop -> ok end
    end)}.
