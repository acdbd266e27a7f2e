// Command frontdesk answers customers on WhatsApp, Messenger and a web chat
// from state machines written in one YAML file, and hands them to a person when
// the bot cannot help.
//
// Exit codes: 0 done, 1 findings in a file that was checked, 2 could not run.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the inbox shows times of the agent's zone, on machines without zone data too
)

const (
	exitOK       = 0
	exitFindings = 1
	exitFault    = 2
)

// errFindings ends a command whose findings were printed already.
var errFindings = errors.New("findings")

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the program at once
	}()
	err := newRoot(os.Getenv).ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
	default:
		fmt.Fprintln(os.Stderr, "frontdesk:", err)
		return exitFault
	}
}
