//! The workloads on tokio, current_thread. Needs cargo and tokio 1.24 or later (Debian: cargo, librust-tokio-dev).
//!
//!     cargo build --release --offline
//!     taskset -c 1 target/release/bench ping-pong
//!
//! Prints one line of JSON; exits with 3 for a workload it does not have. A task and its unbounded channel stand for a process. Links
//! and supervision have no counterpart: a JoinSet and a task that starts others again stand in.

use std::cell::Cell;
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::process::exit;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;
use tokio::task::{spawn, yield_now, JoinSet};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async move { spawn(run(args)).await.unwrap() });
    exit(0);
}

async fn run(args: Vec<String>) {
    let argument = args.get(1).map(String::as_str).unwrap_or("");
    match args[0].as_str() {
        "spawn-keep" => spawn_keep(1_000_000).await,
        "spawn-exit" => spawn_exit(1_000_000).await,
        "ping-pong" | "server-ping-pong" => ping_pong(1_000_000).await,
        "ring" | "server-ring" => ring(argument.parse().unwrap(), 1_000_000).await,
        "many-to-one" => many_to_one(100, 10_000).await,
        "call" => calls(argument.parse().unwrap()).await,
        "timer-cancel" => timer_cancel(1_000_000),
        "timer-due" => timer_due(200_000).await,
        "links-down" => links_down(100_000).await,
        "skynet" => skynet(1_000_000).await,
        "restart" if argument == "full" => restart_full(100_000).await,
        _ => exit(3),
    }
}

const TICK: Duration = Duration::from_millis(10);

thread_local! {
    /// When the timer that watches how late timers are is due; the largest delay so far.
    static DUE: Cell<Option<Instant>> = Cell::new(None);
    static LAG: Cell<Duration> = Cell::new(Duration::ZERO);
}

/// The start of the measured stretch.
fn begin() -> Instant {
    DUE.with(|due| due.set(Some(Instant::now() + TICK)));
    spawn(async {
        loop {
            tokio::time::sleep(TICK).await;
            look();
            DUE.with(|due| due.set(Some(Instant::now() + TICK)));
        }
    });
    Instant::now()
}

fn look() {
    let late = DUE.with(Cell::get).map_or(Duration::ZERO, |due| due.elapsed());
    LAG.with(|lag| lag.set(lag.get().max(late)));
}

fn report(n: usize, elapsed: Duration, more: String) {
    look();
    println!(
        "{{\"n\":{},\"ns\":{:.2}{},\"timerLagMs\":{:.2}}}",
        n,
        elapsed.as_nanos() as f64 / n as f64,
        more,
        LAG.with(Cell::get).as_secs_f64() * 1e3
    );
}

fn resident() -> i64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<i64>().unwrap() * 4096
}

async fn spawn_keep(n: usize) {
    let resident_before = resident();
    let start = begin();
    let mut senders = Vec::with_capacity(n);
    for _ in 0..n {
        let (sender, mut receiver) = unbounded_channel::<u32>();
        senders.push(sender);
        spawn(async move {
            receiver.recv().await;
        });
    }
    spawn(async {}).await.unwrap();
    let elapsed = start.elapsed();
    let bytes = (resident() - resident_before) / senders.len() as i64;
    report(n, elapsed, format!(",\"residentBytes\":{}", bytes));
}

async fn spawn_exit(n: usize) {
    let start = begin();
    for i in 1..=n {
        spawn(async {});
        if i % 1_000 == 0 {
            yield_now().await;
        }
    }
    spawn(async {}).await.unwrap();
    report(n, start.elapsed(), String::new());
}

async fn ping_pong(n: usize) {
    let (ping, mut pings) = unbounded_channel::<usize>();
    let (pong, mut pongs) = unbounded_channel::<usize>();
    spawn(async move {
        while let Some(value) = pings.recv().await {
            let _ = pong.send(value);
        }
    });
    let start = begin();
    for i in 0..n {
        let _ = ping.send(i);
        pongs.recv().await;
    }
    report(n, start.elapsed(), String::new());
}

async fn ring(tasks: usize, hops: usize) {
    let (first, mut last) = unbounded_channel::<usize>();
    for _ in 1..tasks {
        let (output, next) = unbounded_channel::<usize>();
        let mut input = std::mem::replace(&mut last, next);
        spawn(async move {
            while let Some(token) = input.recv().await {
                let _ = output.send(token);
            }
        });
    }
    yield_now().await;
    let start = begin();
    for i in 0..hops / tasks {
        let _ = first.send(i);
        last.recv().await;
    }
    report(hops, start.elapsed(), String::new());
}

async fn many_to_one(senders: usize, each: usize) {
    let (sender, mut receiver) = unbounded_channel::<usize>();
    let start = begin();
    for _ in 0..senders {
        let sender = sender.clone();
        spawn(async move {
            for i in 0..each {
                let _ = sender.send(i);
            }
        });
    }
    for _ in 0..senders * each {
        receiver.recv().await;
    }
    report(senders * each, start.elapsed(), String::new());
}

type Requests = UnboundedSender<oneshot::Sender<u32>>;

async fn serve(mut requests: UnboundedReceiver<oneshot::Sender<u32>>) {
    let mut count = 0;
    while let Some(reply) = requests.recv().await {
        let _ = reply.send(count);
        count += 1;
    }
}

async fn call(server: &Requests) -> u32 {
    let (reply, answer) = oneshot::channel();
    let _ = server.send(reply);
    answer.await.unwrap()
}

async fn calls(clients: usize) {
    let each = if clients == 1 { 500_000 } else { 10_000 };
    let (server, requests) = unbounded_channel();
    spawn(serve(requests));
    let start = begin();
    let mut all = JoinSet::new();
    for _ in 0..clients {
        let server = server.clone();
        all.spawn(async move {
            for _ in 0..each {
                call(&server).await;
            }
        });
    }
    while all.join_next().await.is_some() {}
    report(clients * each, start.elapsed(), String::new());
}

struct NoWaker;

impl Wake for NoWaker {
    fn wake(self: Arc<Self>) {}
}

/// tokio has no cheaper timer than a boxed `Sleep`, polled once so that it is registered.
fn timer_cancel(n: usize) {
    let waker = Arc::new(NoWaker).into();
    let mut context = Context::from_waker(&waker);
    let mut random = 12_345u64;
    let mut timers = Vec::with_capacity(n);
    let start = begin();
    for _ in 0..n {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let mut timer = Box::pin(tokio::time::sleep(Duration::from_millis(
            60_000 + random % 60_000,
        )));
        let _ = timer.as_mut().poll(&mut context);
        timers.push(Some(timer));
    }
    let set = start.elapsed();
    for (i, timer) in timers.iter_mut().enumerate() {
        if i % 10 != 0 {
            *timer = None;
        }
    }
    let elapsed = start.elapsed();
    let set_ns = set.as_nanos() / n as u128;
    let cancel_ns = (elapsed - set).as_nanos() * 10 / (9 * n as u128);
    report(
        n,
        elapsed,
        format!(",\"setNs\":{},\"cancelNs\":{}", set_ns, cancel_ns),
    );
}

async fn timer_due(n: usize) {
    let at = tokio::time::Instant::from_std(begin()) + Duration::from_millis(1_500);
    let (sender, mut receiver) = unbounded_channel::<u32>();
    for _ in 0..n {
        let sender = sender.clone();
        spawn(async move {
            tokio::time::sleep_until(at).await;
            let _ = sender.send(1);
        });
    }
    for _ in 0..n {
        receiver.recv().await;
    }
    report(n, at.elapsed(), String::new());
}

async fn links_down(n: usize) {
    let mut children = JoinSet::new();
    for _ in 0..n {
        children.spawn(std::future::pending::<()>());
    }
    yield_now().await;
    let start = begin();
    children.abort_all();
    while children.join_next().await.is_some() {}
    report(n, start.elapsed(), String::new());
}

async fn skynet(leaves: usize) {
    let (root, mut result) = unbounded_channel();
    let start = begin();
    spawn(skynet_node(root, 0, leaves));
    let sum = result.recv().await.unwrap();
    assert_eq!(sum, leaves * (leaves - 1) / 2);
    report((leaves * 10 - 1) / 9, start.elapsed(), String::new());
}

fn skynet_node(
    parent: UnboundedSender<usize>,
    first: usize,
    leaves: usize,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        if leaves == 1 {
            let _ = parent.send(first);
            return;
        }
        let (sender, mut receiver) = unbounded_channel();
        let each = leaves / 10;
        for i in 0..10 {
            spawn(skynet_node(sender.clone(), first + i * each, each));
        }
        let mut sum = 0;
        for _ in 0..10 {
            sum += receiver.recv().await.unwrap();
        }
        let _ = parent.send(sum);
    })
}

/// Resolves when `F` has finished or panicked.
struct CatchPanic<F>(F);

impl<F: Future + Unpin> Future for CatchPanic<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match catch_unwind(AssertUnwindSafe(|| Pin::new(&mut self.0).poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            _ => Poll::Ready(()),
        }
    }
}

/// A panic, caught and told to the task that starts the child again.
async fn restart_full(n: usize) {
    std::panic::set_hook(Box::new(|_| {}));
    let (died, mut deaths) = unbounded_channel::<usize>();
    let (up, mut ups) = unbounded_channel::<UnboundedSender<u32>>();
    let start = begin();
    spawn(async move {
        let child = |id: usize| {
            let (sender, mut receiver) = unbounded_channel::<u32>();
            let (died, up) = (died.clone(), up.clone());
            spawn(async move {
                let body = Box::pin(async move {
                    let _ = up.send(sender);
                    receiver.recv().await;
                    panic!("killed");
                });
                CatchPanic(body).await;
                let _ = died.send(id);
            });
        };
        (0..1_000).for_each(child);
        while let Some(id) = deaths.recv().await {
            child(id);
        }
    });
    for _ in 0..n + 1_000 {
        let _ = ups.recv().await.unwrap().send(1);
    }
    report(n, start.elapsed(), String::new());
}
