// The workloads in Go. Needs Go 1.19 or later (Debian: golang-go).
//
//	go build -o bench .
//	GOMAXPROCS=1 taskset -c 1 ./bench ping-pong
//
// Prints one line of JSON; exits with 3 for a workload it does not have. A goroutine and its channel stand for a process. Links and
// supervision have no counterpart: cancelled contexts and a goroutine that starts others again stand in.
package main

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
)

func main() {
	workload := os.Args[1]
	switch workload {
	case "spawn-keep":
		spawnKeep(1000000)
	case "spawn-exit":
		spawnExit(1000000)
	case "ping-pong", "server-ping-pong":
		pingPong(1000000)
	case "ring", "server-ring":
		ring(number(os.Args[2]), 1000000)
	case "many-to-one":
		manyToOne(100, 10000)
	case "call":
		calls(number(os.Args[2]))
	case "timer-cancel":
		timerCancel(1000000)
	case "timer-due":
		timerDue(200000)
	case "links-down":
		linksDown(100000)
	case "skynet":
		skynet(1000000)
	case "restart":
		if os.Args[2] != "full" {
			os.Exit(3)
		}
		restartFull(100000)
	default:
		os.Exit(3)
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

const tick = 10 * time.Millisecond

// How late a timer is, as any other code in the program feels it: when the next is due, and the largest delay so far.
var watch struct {
	sync.Mutex
	due time.Time
	lag time.Duration
}

// The start of the measured stretch.
func begin() time.Time {
	watch.due = time.Now().Add(tick)
	go func() {
		for {
			time.Sleep(time.Until(watch.due))
			look()
			watch.Lock()
			watch.due = time.Now().Add(tick)
			watch.Unlock()
		}
	}()
	return time.Now()
}

func look() {
	watch.Lock()
	defer watch.Unlock()
	if late := time.Since(watch.due); late > watch.lag {
		watch.lag = late
	}
}

func report(n int, elapsed time.Duration, more string) {
	look()
	lagMs := watch.lag.Seconds() * 1e3
	fmt.Printf("{\"n\":%d,\"ns\":%.2f%s,\"timerLagMs\":%.2f}\n", n, float64(elapsed.Nanoseconds())/float64(n), more, lagMs)
}

func resident() int64 {
	statm, _ := os.ReadFile("/proc/self/statm")
	var all, pages int64
	fmt.Sscan(string(statm), &all, &pages)
	return pages * 4096
}

func spawnKeep(n int) {
	runtime.GC()
	residentBefore := resident()
	start := begin()
	inputs := make([]chan int, n)
	for i := range inputs {
		input := make(chan int)
		inputs[i] = input
		go func() { <-input }()
	}
	last := make(chan int)
	go func() { last <- 1 }()
	<-last
	elapsed := time.Since(start)
	report(n, elapsed, fmt.Sprintf(",\"residentBytes\":%d", (resident()-residentBefore)/int64(n)))
	runtime.KeepAlive(inputs)
}

func spawnExit(n int) {
	start := begin()
	var all sync.WaitGroup
	all.Add(n)
	for i := 0; i < n; i++ {
		go func() { all.Done() }()
	}
	all.Wait()
	report(n, time.Since(start), "")
}

func pingPong(n int) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v
		}
	}()
	start := begin()
	for i := 0; i < n; i++ {
		ping <- i
		<-pong
	}
	report(n, time.Since(start), "")
}

func ring(goroutines, hops int) {
	first := make(chan int)
	input := first
	for i := 1; i < goroutines; i++ {
		output := make(chan int)
		go func(from, to chan int) {
			for v := range from {
				to <- v
			}
		}(input, output)
		input = output
	}
	runtime.Gosched()
	start := begin()
	for i := 0; i < hops/goroutines; i++ {
		first <- i
		<-input
	}
	report(hops, time.Since(start), "")
}

// A channel with room for 1,024: senders wait when it is full, which mailboxes never make them do.
func manyToOne(senders, each int) {
	box := make(chan int, 1024)
	start := begin()
	for i := 0; i < senders; i++ {
		go func() {
			for k := 0; k < each; k++ {
				box <- k
			}
		}()
	}
	for i := 0; i < senders*each; i++ {
		<-box
	}
	report(senders*each, time.Since(start), "")
}

type request struct {
	reply chan int
}

func serve(requests chan request) {
	count := 0
	for r := range requests {
		r.reply <- count
		count++
	}
}

func call(server chan request) int {
	r := request{make(chan int, 1)}
	server <- r
	return <-r.reply
}

func calls(clients int) {
	each := 10000
	if clients == 1 {
		each = 500000
	}
	server := make(chan request)
	go serve(server)
	start := begin()
	var all sync.WaitGroup
	for i := 0; i < clients; i++ {
		all.Add(1)
		go func() {
			for k := 0; k < each; k++ {
				call(server)
			}
			all.Done()
		}()
	}
	all.Wait()
	report(clients*each, time.Since(start), "")
}

func timerCancel(n int) {
	start := begin()
	timers := make([]*time.Timer, n)
	for i := range timers {
		timers[i] = time.AfterFunc(60*time.Second+time.Duration(rand.Intn(60000))*time.Millisecond, func() {})
	}
	set := time.Since(start)
	for i, timer := range timers {
		if i%10 != 0 {
			timer.Stop()
		}
	}
	elapsed := time.Since(start)
	setNs, cancelNs := set.Nanoseconds()/int64(n), (elapsed-set).Nanoseconds()*10/int64(9*n)
	report(n, elapsed, fmt.Sprintf(",\"setNs\":%d,\"cancelNs\":%d", setNs, cancelNs))
}

func timerDue(n int) {
	box := make(chan int, n)
	at := begin().Add(1500 * time.Millisecond)
	for i := 0; i < n; i++ {
		time.AfterFunc(time.Until(at), func() { box <- 1 })
	}
	for i := 0; i < n; i++ {
		<-box
	}
	report(n, time.Since(at), "")
}

func linksDown(n int) {
	down := make(chan int, 1024)
	cancels := make([]context.CancelFunc, n)
	for i := range cancels {
		child, cancel := context.WithCancel(context.Background())
		cancels[i] = cancel
		i := i
		go func() {
			defer func() { down <- i }()
			<-child.Done()
		}()
	}
	runtime.Gosched()
	start := begin()
	go func() {
		for _, cancel := range cancels {
			cancel()
		}
	}()
	for i := 0; i < n; i++ {
		<-down
	}
	report(n, time.Since(start), "")
}

func skynet(leaves int) {
	root := make(chan int)
	start := begin()
	go skynetNode(root, 0, leaves)
	<-root
	report((leaves*10-1)/9, time.Since(start), "")
}

func skynetNode(parent chan int, first, leaves int) {
	if leaves == 1 {
		parent <- first
		return
	}
	box := make(chan int)
	each := leaves / 10
	for i := 0; i < 10; i++ {
		go skynetNode(box, first+i*each, each)
	}
	sum := 0
	for i := 0; i < 10; i++ {
		sum += <-box
	}
	parent <- sum
}

// A panic, recovered and told to the goroutine that starts the child again.
func restartFull(n int) {
	died := make(chan int, 1024)
	up := make(chan chan int, 1024)
	child := func(id int) {
		input := make(chan int)
		go func() {
			defer func() { recover(); died <- id }()
			up <- input
			<-input
			panic("killed")
		}()
	}
	start := begin()
	go func() {
		for i := 0; i < 1000; i++ {
			child(i)
		}
		for id := range died {
			child(id)
		}
	}()
	for i := 0; i < n+1000; i++ {
		(<-up) <- 1
	}
	report(n, time.Since(start), "")
}
