%% One of a ring: passes a number on, one less; at zero the parent is told.
-module(relay).
-behaviour(gen_server).
-export([start/1, connect/2, init/1, handle_call/3, handle_cast/2, handle_info/2]).

start(Parent) -> gen_server:start(?MODULE, {none, Parent}, []).

connect(Relay, Next) -> gen_server:cast(Relay, {connect, Next}).

init(State) -> {ok, State}.

handle_call(_, _From, State) -> {reply, ok, State}.

handle_cast({connect, Next}, {_, Parent}) ->
    {noreply, {Next, Parent}}.

handle_info(0, {_, Parent} = State) ->
    Parent ! done,
    {noreply, State};
handle_info(Left, {Next, _} = State) ->
    Next ! Left - 1,
    {noreply, State}.
