// Command checkout takes orders over HTTP, and has a bank charge for each over gRPC. Its telemetry is that of OpenTelemetry's
// documentation for Go: otelhttp, otelgrpc and otelslog, the exporters that the environment names, and two events by hand.
package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	shutdown, err := setUpTelemetry(ctx)
	if err != nil {
		return err
	}
	defer func() {
		within, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		err = errors.Join(err, shutdown(within))
	}()

	bank, stopBank, err := startBank()
	if err != nil {
		return err
	}
	defer stopBank()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ready", func(http.ResponseWriter, *http.Request) {})
	mux.Handle("POST /checkout", &checkout{bank})
	server := &http.Server{
		Addr:              "127.0.0.1:" + os.Getenv("PORT"),
		Handler:           otelhttp.NewHandler(mux, "/"),
		ReadHeaderTimeout: time.Second,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err = <-failed:
		return err
	case <-ctx.Done():
		return server.Shutdown(context.Background())
	}
}
