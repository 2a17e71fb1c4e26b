package main

import (
	"context"
	"net"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

const chargeMethod = "/bank.Bank/Charge"

// What the bank says to an order: of ten, one times out at first, one is declined, and for one the bank is down.
func charge(request *structpb.Struct) error {
	order, attempt := int(request.Fields["order"].GetNumberValue()), request.Fields["attempt"].GetNumberValue()
	switch {
	case order%10 == 3 && attempt == 1:
		return status.Error(codes.DeadlineExceeded, "the card's issuer did not answer")
	case order%10 == 5:
		return status.Error(codes.FailedPrecondition, "declined")
	case order%10 == 7:
		return status.Error(codes.Unavailable, "the bank is down")
	}
	return nil
}

// The bank is in the same process, at a port of its own.
func startBank() (*grpc.ClientConn, func(), error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	server := grpc.NewServer(grpc.StatsHandler(otelgrpc.NewServerHandler()))
	server.RegisterService(&grpc.ServiceDesc{ServiceName: "bank.Bank", HandlerType: (*any)(nil), Methods: []grpc.MethodDesc{{
		MethodName: "Charge",
		Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			var request structpb.Struct
			if err := decode(&request); err != nil {
				return nil, err
			}
			return wrapperspb.String("charged"), charge(&request)
		},
	}}}, struct{}{})
	go server.Serve(listener)
	client, err := grpc.NewClient(listener.Addr().String(),
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithStatsHandler(otelgrpc.NewClientHandler()))
	return client, server.GracefulStop, err
}
