//! A receiver that is down.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::Duration;

use slo_receiver::{Plan, Receiver};

use super::PATIENCE;

/// Whether each of both endpoints takes a connection.
fn listens(receiver: &Receiver) -> [bool; 2] {
    [receiver.grpc_endpoint(), receiver.http_endpoint()].map(|endpoint| {
        match TcpStream::connect(endpoint.replace("http://", "")) {
            Ok(_) => true,
            // It is reset where the listener closes while it is made.
            Err(error) => match error.kind() {
                ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => false,
                _ => panic!("{error}"),
            },
        }
    })
}

#[test]
fn it_goes_down_and_comes_up_where_it_was() {
    let receiver = Receiver::start(Plan::healthy()).unwrap();
    for _ in 0..3 {
        assert_eq!(listens(&receiver), [true; 2]);
        receiver.down();
        assert_eq!(listens(&receiver), [false; 2]);
        receiver.up();
    }
    assert_eq!(listens(&receiver), [true; 2]);
}

#[test]
fn a_plan_has_an_outage() {
    let receiver = Receiver::start(Plan::healthy()).unwrap();
    receiver.switch(Plan::healthy().down(Duration::ZERO, Duration::from_millis(50)));
    assert!(receiver.until(PATIENCE, |receiver| listens(receiver) == [true; 2]));
}

#[test]
fn an_outage_ends_with_its_plan() {
    let receiver = Receiver::start(Plan::healthy().down(Duration::ZERO, Duration::MAX)).unwrap();
    assert!(receiver.until(PATIENCE, |receiver| listens(receiver) == [false; 2]));
    // What the test says stands beside what the plan says.
    receiver.up();
    assert_eq!(listens(&receiver), [false; 2]);
    receiver.switch(Plan::healthy());
    assert!(receiver.until(PATIENCE, |receiver| listens(receiver) == [true; 2]));
}

#[test]
fn it_stops_when_it_is_dropped() {
    let receiver = Receiver::start(Plan::healthy()).unwrap();
    let address = receiver.http_endpoint().replace("http://", "");
    drop(receiver);
    assert_eq!(TcpStream::connect(&address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    let again = Receiver::builder().http_address(address.parse().unwrap()).start().unwrap();
    assert!(Receiver::builder().http_address(address.parse().unwrap()).start().is_err());
    assert_eq!(listens(&again), [true; 2]);
}

#[tokio::test]
async fn it_starts_and_stops_within_a_runtime() {
    let receiver = Receiver::start(Plan::healthy()).unwrap();
    receiver.down();
    receiver.up();
    assert_eq!(listens(&receiver), [true; 2]);
}
