%% The supervisor of start-child: children of one kind that come and go.
-module(dynamic).
-behaviour(supervisor).
-export([start_link/0, start_child/0, init/1]).

start_link() -> supervisor:start_link(?MODULE, []).

init([]) ->
    {ok, {#{strategy => simple_one_for_one}, [#{id => child, start => {?MODULE, start_child, []}}]}}.

start_child() ->
    {ok, spawn_link(fun() -> receive stop -> ok end end)}.
