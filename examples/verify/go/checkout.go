package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/contrib/bridges/otelslog"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	otelcodes "go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

const name = "shop.checkout"

var (
	tracer = otel.Tracer(name)
	meter  = otel.Meter(name)
	logger = otelslog.NewLogger(name)

	seconds             = metric.WithExplicitBucketBoundaries(0.005, 0.05, 0.5, 5)
	checkouts, _        = meter.Int64Counter("shop.checkouts", metric.WithUnit("{checkout}"))
	checkoutDuration, _ = meter.Float64Histogram("shop.checkout.duration", metric.WithUnit("s"), seconds)
	payments, _         = meter.Int64Counter("shop.payments", metric.WithUnit("{payment}"))
	paymentDuration, _  = meter.Float64Histogram("shop.payment.duration", metric.WithUnit("s"), seconds)
)

type checkout struct{ bank *grpc.ClientConn }

func (c *checkout) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(r.URL.Query().Get("order"))
	if err != nil {
		http.Error(w, "no order", http.StatusBadRequest)
		return
	}
	order, method, items := fmt.Sprintf("o-%04d", number), []string{"card", "wallet", "transfer"}[number%3], 1+number%5
	start := time.Now()
	ctx, span := tracer.Start(r.Context(), "checkout", trace.WithAttributes(
		attribute.String("shop.order.id", order),
		attribute.Int("shop.order.items", items),
		attribute.String("shop.payment.method", method)))
	defer span.End()

	var outcome string
	for attempt := 1; attempt <= 3; attempt++ {
		if outcome, err = c.pay(ctx, number, order, method, float64(items)*12.5, attempt); outcome == "charged" || outcome == "declined" {
			break
		}
	}
	switch outcome {
	case "charged":
		outcome = "placed"
		logger.InfoContext(ctx, "order placed", "outcome", outcome, "order", order, "items", items, "method", method)
	case "declined":
		outcome = "refused"
		logger.WarnContext(ctx, "order refused", "outcome", outcome, "order", order, "items", items, "method", method)
		w.WriteHeader(http.StatusPaymentRequired)
	default:
		outcome = "failed"
		logger.ErrorContext(ctx, "order failed", "outcome", outcome, "order", order, "items", items, "method", method, "err", err)
		span.RecordError(err)
		span.SetStatus(otelcodes.Error, "no payment")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	span.SetAttributes(attribute.String("shop.checkout.outcome", outcome))
	labels := metric.WithAttributes(attribute.String("shop.checkout.outcome", outcome), attribute.String("shop.payment.method", method))
	checkouts.Add(ctx, 1, labels)
	checkoutDuration.Record(ctx, time.Since(start).Seconds(), labels)
}

// One attempt to have the bank charge for an order.
func (c *checkout) pay(ctx context.Context, number int, order, method string, amount float64, attempt int) (string, error) {
	start := time.Now()
	ctx, span := tracer.Start(ctx, "charge", trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("shop.order.id", order),
		attribute.Int("shop.payment.attempt", attempt),
		attribute.Float64("shop.payment.amount", amount),
		attribute.String("shop.payment.method", method)))
	defer span.End()

	request, _ := structpb.NewStruct(map[string]any{"order": number, "attempt": attempt})
	err := c.bank.Invoke(ctx, chargeMethod, request, &wrapperspb.StringValue{})
	outcome := map[codes.Code]string{codes.OK: "charged", codes.FailedPrecondition: "declined", codes.DeadlineExceeded: "timeout"}[status.Code(err)]
	switch outcome {
	case "charged":
		logger.InfoContext(ctx, "payment charged", "outcome", outcome, "order", order, "attempt", attempt, "amount", amount, "method", method)
	case "declined":
		logger.WarnContext(ctx, "payment declined", "outcome", outcome, "order", order, "attempt", attempt, "amount", amount, "method", method)
	case "timeout":
		logger.WarnContext(ctx, "payment timed out", "outcome", outcome, "order", order, "attempt", attempt, "amount", amount, "method", method)
		span.SetStatus(otelcodes.Error, "payment timed out")
	default:
		outcome = "unavailable"
		logger.ErrorContext(ctx, "bank unavailable", "outcome", outcome, "order", order, "attempt", attempt, "amount", amount, "method", method)
		span.SetStatus(otelcodes.Error, "bank unavailable")
	}
	span.SetAttributes(attribute.String("shop.payment.outcome", outcome))
	labels := metric.WithAttributes(attribute.String("shop.payment.outcome", outcome), attribute.String("shop.payment.method", method))
	payments.Add(ctx, 1, labels)
	paymentDuration.Record(ctx, time.Since(start).Seconds(), labels)
	return outcome, err
}
