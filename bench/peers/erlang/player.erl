%% Two of these play ping-pong, by messages or by casts: one serves and counts, the other returns.
-module(player).
-behaviour(gen_server).
-export([start/2, serve/2, serve_by_cast/2, init/1, handle_call/3, handle_cast/2, handle_info/2]).

start(Partner, Parent) -> gen_server:start(?MODULE, {Partner, Parent, 0}, []).

serve(Player, Rounds) -> Player ! {serve, Rounds}.

serve_by_cast(Player, Rounds) -> gen_server:cast(Player, {serve, Rounds}).

init(State) -> {ok, State}.

handle_call(_, _From, State) -> {reply, ok, State}.

handle_info({ping, From}, State) ->
    From ! pong,
    {noreply, State};
handle_info(pong, {Partner, Parent, 1}) ->
    Parent ! done,
    {noreply, {Partner, Parent, 0}};
handle_info(pong, {Partner, Parent, Left}) ->
    Partner ! {ping, self()},
    {noreply, {Partner, Parent, Left - 1}};
handle_info({serve, Rounds}, {Partner, Parent, _}) ->
    Partner ! {ping, self()},
    {noreply, {Partner, Parent, Rounds}}.

handle_cast({ping, From}, State) ->
    gen_server:cast(From, pong),
    {noreply, State};
handle_cast(pong, {Partner, Parent, 1}) ->
    Parent ! done,
    {noreply, {Partner, Parent, 0}};
handle_cast(pong, {Partner, Parent, Left}) ->
    gen_server:cast(Partner, {ping, self()}),
    {noreply, {Partner, Parent, Left - 1}};
handle_cast({serve, Rounds}, {Partner, Parent, _}) ->
    gen_server:cast(Partner, {ping, self()}),
    {noreply, {Partner, Parent, Rounds}}.
