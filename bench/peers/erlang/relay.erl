%% One of a ring: passes a number on, one less; at zero the parent is told.
-module(relay).
-behaviour(gen_server).
-export([start/1, connect/2, pass/2, init/1, handle_call/3, handle_cast/2]).

start(Parent) -> gen_server:start(?MODULE, {none, Parent}, []).

connect(Relay, Next) -> gen_server:cast(Relay, {connect, Next}).

pass(Relay, Left) -> gen_server:cast(Relay, {pass, Left}).

init(State) -> {ok, State}.

handle_call(_, _From, State) -> {reply, ok, State}.

handle_cast({pass, 0}, {_, Parent} = State) ->
    Parent ! done,
    {noreply, State};
handle_cast({pass, Left}, {Next, _} = State) ->
    pass(Next, Left - 1),
    {noreply, State};
handle_cast({connect, Next}, {_, Parent}) ->
    {noreply, {Next, Parent}}.
