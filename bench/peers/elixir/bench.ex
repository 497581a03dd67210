# The workloads of Elixir's DynamicSupervisor, which is not OTP's supervisor. Needs Elixir (Debian: elixir). All else is the BEAM's: see
# ../erlang.
#
#     elixirc bench.ex
#     taskset -c 1 elixir --erl "+S 1 +P 4000000" -pa . -e "Bench.main(System.argv())" -- restart full
#
# Prints one line of JSON; exits with 3 for a workload it does not have.

defmodule Bench do
  @children 1_000

  def main(args) do
    :logger.set_primary_config(:level, :none)
    run(args)
  end

  # As fast as the supervisor can: every child is killed as soon as it is up.
  defp run(["restart", "full"]) do
    restarts = 100_000
    Lag.start()
    start = now_ns()
    start_children()
    for _ <- 1..(restarts + @children), do: Process.exit(next_up(), :kill)
    report(restarts, now_ns() - start)
  end

  # Batches further apart than the period, so that the list of restarts stays short. The median of them counts.
  defp run(["restart", "sparse"]) do
    start_children()
    living = for _ <- 1..@children, do: next_up()
    Lag.start()
    times = Enum.sort(batches(9, 100, living))
    report(100, Enum.at(times, 4))
  end

  defp run(["start-child"]) do
    n = 100_000
    {:ok, supervisor} = DynamicSupervisor.start_link(strategy: :one_for_one)
    spec = %{id: :child, start: {Child, :start_link, [nil]}}
    Lag.start()
    start = now_ns()
    children = for _ <- 1..n, do: elem(DynamicSupervisor.start_child(supervisor, spec), 1)
    for child <- children, do: :ok = DynamicSupervisor.terminate_child(supervisor, child)
    report(n, now_ns() - start)
  end

  defp run(_), do: System.halt(3)

  defp start_children do
    {:ok, supervisor} =
      DynamicSupervisor.start_link(strategy: :one_for_one, max_restarts: 1_000_000_000, max_seconds: 1)

    spec = %{id: :child, start: {Child, :start_link, [self()]}}
    for _ <- 1..@children, do: {:ok, _} = DynamicSupervisor.start_child(supervisor, spec)
  end

  defp batches(0, _, _), do: []

  defp batches(left, size, living) do
    Process.sleep(2_100)
    {victims, others} = Enum.split(living, size)
    start = now_ns()
    Enum.each(victims, &Process.exit(&1, :kill))
    new = for _ <- victims, do: next_up()
    elapsed = now_ns() - start
    [elapsed | batches(left - 1, size, others ++ new)]
  end

  defp next_up do
    receive do
      {:up, pid} -> pid
    end
  end

  defp now_ns, do: System.monotonic_time(:nanosecond)

  defp report(n, elapsed) do
    IO.puts(~s({"n":#{n},"ns":#{Float.round(elapsed / n, 2)},"timerLagMs":#{Lag.read_ms()}}))
    System.halt(0)
  end
end

defmodule Child do
  def start_link(observer) do
    {:ok, spawn_link(fn -> live(observer) end)}
  end

  defp live(observer) do
    if observer, do: send(observer, {:up, self()})

    receive do
      :stop -> :ok
    end
  end
end

# How late a timer of 10 ms is, as any other process feels it: the largest delay since the start.
defmodule Lag do
  @tick_ms 10

  def start, do: Process.register(spawn(fn -> watch(now_us() + @tick_ms * 1_000, 0) end), Lag)

  def read_ms do
    send(Lag, {:read, self()})

    receive do
      {Lag, us} -> us / 1_000
    end
  end

  defp watch(due, lag) do
    receive do
      {:read, reader} -> send(reader, {Lag, max(lag, now_us() - due)})
    after
      @tick_ms -> watch(now_us() + @tick_ms * 1_000, max(lag, now_us() - due))
    end
  end

  defp now_us, do: System.monotonic_time(:microsecond)
end
