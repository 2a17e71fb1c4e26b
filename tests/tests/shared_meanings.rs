//! The meanings that come with slo are sound, and say what the conventions ask: which outcomes are errors, of whom, with which
//! severity, and with which `error.type`. The codes of `std.error` are those of the runtime, and each code of a database, of gRPC, of
//! HTTP or of a system that `sources.tsv` lists has the one that stands there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use slo::ErrorCode;
use slo_compiler::diagnostic::Severity as Gravity;
use slo_compiler::ir::{Contract, Meaning, PairValue, Severity, Signal, Status, Variant};
use slo_compiler::{Compilation, Input, InputFile, Root, compile};
use slo_stdlib_mappings::{MEANINGS, Meanings};
use slo_tests::{compile_text, rendered, rust_for_include};

/// The codes of gRPC that are errors for a server: `span.rpc.grpc.call.server`, `rpc.response.status_code`. For a client all but `OK`
/// are: `span.rpc.grpc.call.client`.
const GRPC_SERVER_ERRORS: [&str; 6] =
    ["UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"];

/// The severities that the conventions give the exceptions of each operation, with the file of the model.
const EXCEPTIONS: [(&str, &str, Severity); 10] = [
    ("db.client.operation.exception", "db", Severity::Warn),
    ("http.client.request.exception", "http", Severity::Warn),
    ("http.server.request.exception", "http", Severity::Error),
    ("messaging.create.exception", "messaging", Severity::Warn),
    ("messaging.send.exception", "messaging", Severity::Warn),
    ("messaging.receive.exception", "messaging", Severity::Warn),
    ("messaging.settle.exception", "messaging", Severity::Warn),
    ("messaging.process.exception", "messaging", Severity::Error),
    ("rpc.client.call.exception", "rpc", Severity::Warn),
    ("rpc.server.call.exception", "rpc", Severity::Error),
];

fn exceptions(of: &str) -> Severity {
    EXCEPTIONS.iter().find(|(event, ..)| *event == of).unwrap().2
}

fn compiled(vocabulary: &Meanings) -> Compilation {
    let file = InputFile::new(vocabulary.file.path, vocabulary.file.text);
    let root = Root::new(InputFile::new("slo.toml", vocabulary.manifest), vec![file]);
    compile(&Input { roots: vec![root], ..Input::default() })
}

fn contract(name: &str) -> Arc<Contract> {
    compiled(MEANINGS.iter().find(|one| one.name == name).unwrap()).contract.unwrap()
}

fn meaning<'c>(contract: &'c Contract, name: &str) -> &'c Meaning {
    contract.meanings.iter().find(|meaning| meaning.name == name).unwrap()
}

/// What a variant writes on a signal, a payload by its name.
fn shown(variant: &Variant, signal: Signal) -> BTreeMap<String, String> {
    let value = |value: &PairValue| match value {
        PairValue::Constant(literal) => literal.value().to_string(),
        PairValue::Payload(id) => variant.payload[id.index()].name.clone(),
        PairValue::ToString(id) => format!("to_string({})", variant.payload[id.index()].name),
    };
    variant.pairs(signal).iter().map(|pair| (pair.key.clone(), value(&pair.value))).collect()
}

/// That a variant is an error, of this severity and with this `error.type` on all signals; or that it is none.
fn assert_error(variant: &Variant, error: Option<(Severity, &str)>) {
    let name = &variant.name;
    assert_eq!(variant.status == Some(Status::Error), error.is_some(), "{name}");
    for signal in Signal::ALL {
        let said = shown(variant, signal).remove("error.type");
        assert_eq!(said.as_deref(), error.map(|(_, said)| said), "{name} on {signal:?}");
    }
    match error {
        Some((severity, _)) => assert_eq!(variant.severity, Some(severity), "{name}"),
        None => assert!(variant.severity < Some(Severity::Warn), "{name}"),
    }
}

#[test]
fn each_vocabulary_is_sound_and_is_what_its_manifest_says() {
    for vocabulary in MEANINGS {
        let compilation = compiled(vocabulary);
        assert!(compilation.diagnostics.is_empty(), "{}", rendered(&compilation));
        let contract = compilation.contract.unwrap();
        assert_eq!(
            (contract.name.as_str(), contract.version.as_str()),
            (vocabulary.name, vocabulary.version)
        );
        let packages: Vec<&str> = contract.packages.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(packages, [vocabulary.name]);
    }
}

#[test]
fn a_grpc_status_is_an_error_for_whom_the_conventions_say() {
    let contract = contract("std.rpc");
    let server = meaning(&contract, "GrpcOutcome");
    let client = meaning(&contract, "GrpcClient");
    assert_eq!((server.variants.len(), client.variants.len()), (17, 17));
    for (server, client) in server.variants.iter().zip(&client.variants) {
        let code = shown(server, Signal::Metric)["rpc.response.status_code"].clone();
        assert_eq!(code.replace('_', "").to_lowercase(), server.name.to_lowercase());
        for signal in Signal::ALL {
            for variant in [server, client] {
                assert_eq!(shown(variant, signal)["rpc.response.status_code"], code);
            }
        }
        let of_server = GRPC_SERVER_ERRORS.contains(&code.as_str());
        assert_error(server, of_server.then_some((exceptions("rpc.server.call.exception"), &code)));
        assert_error(client, (code != "OK").then_some((exceptions("rpc.client.call.exception"), &code)));
    }
}

/// Conventions, "HTTP spans", Status: a 4xx is an error for a client and none for a server, a 5xx for both; `error.type` is the code
/// as text.
#[test]
fn an_http_status_is_an_error_for_whom_the_conventions_say() {
    let contract = contract("std.http");
    for (name, exception, client_errors) in [
        ("ServerOutcome", "http.server.request.exception", false),
        ("ClientOutcome", "http.client.request.exception", true),
    ] {
        let severity = exceptions(exception);
        for variant in &meaning(&contract, name).variants {
            let of_code = Some((severity, "to_string(code)"));
            match variant.name.as_str() {
                "ServerError" => assert_error(variant, of_code),
                "ClientError" => assert_error(variant, of_code.filter(|_| client_errors)),
                "Unanswered" => assert_error(variant, Some((severity, "reason"))),
                _ => assert_error(variant, None),
            }
        }
    }
}

#[test]
fn what_databases_and_brokers_refuse_is_an_error() {
    let databases = contract("std.db");
    let severity = exceptions("db.client.operation.exception");
    for variant in &meaning(&databases, "Outcome").variants {
        match variant.name.as_str() {
            "Succeeded" => assert_error(variant, None),
            "Failed" => {
                assert_error(variant, Some((severity, "status")));
                assert_eq!(shown(variant, Signal::Span)["db.response.status_code"], "status");
            }
            _ => assert_error(variant, Some((severity, "reason"))),
        }
    }
    let brokers = contract("std.messaging");
    for (name, exception) in
        [("Outcome", "messaging.send.exception"), ("Process", "messaging.process.exception")]
    {
        let [succeeded, failed] = meaning(&brokers, name).variants.as_slice() else { panic!("{name}") };
        assert_error(succeeded, None);
        assert_error(failed, Some((exceptions(exception), "reason")));
    }
}

#[test]
fn an_error_is_one_code_on_all_signals() {
    let contract = contract("std.error");
    let [failed] = meaning(&contract, "AnyError").variants.as_slice() else { panic!() };
    let code = BTreeMap::from([("error.code".to_owned(), "code".to_owned())]);
    assert!(Signal::ALL.into_iter().all(|signal| shown(failed, signal) == code));
    assert_eq!(failed.severity, Some(exceptions("db.client.operation.exception")));
    assert_eq!(failed.status, Some(Status::Error));
}

/// The facts above, beside the model of the conventions where it is there.
#[test]
fn the_facts_are_those_of_the_model() {
    let Some(model) = conventions() else { return };
    let read = |path: String| fs::read_to_string(model.join(path)).unwrap();
    let spans = read("rpc/spans.yaml".to_owned());
    let server = spans.split("- id: ").find(|group| group.starts_with("span.rpc.grpc.call.server")).unwrap();
    let listed = |line: &str| Some(line.trim().strip_prefix("- `")?.strip_suffix('`')?.to_owned());
    assert_eq!(server.lines().filter_map(listed).collect::<Vec<_>>(), GRPC_SERVER_ERRORS);
    let client = spans.split("- id: ").find(|group| group.starts_with("span.rpc.grpc.call.client")).unwrap();
    assert!(client.contains("All status codes except `OK` SHOULD be considered errors"));
    let mut events = BTreeSet::new();
    for (event, folder, severity) in EXCEPTIONS {
        let text = read(format!("{folder}/events.yaml"));
        let group = text.split("- id: ").find(|group| group.contains(&format!("name: {event}\n"))).unwrap();
        let said = group.split("SHOULD set the severity to ").nth(1).unwrap().split(' ').next().unwrap();
        assert_eq!(said.to_lowercase(), format!("{severity:?}").to_lowercase(), "{event}");
        events.insert(event);
    }
    assert_eq!(events.len(), EXCEPTIONS.len());
}

/// The model, in the folder `shared/data/semconv-1.44.0` beside the repository or above it, which is no part of it.
fn conventions() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .map(|folder| folder.join("shared/data/semconv-1.44.0/model"))
        .find(|model| model.is_dir())
}

/// What is taken in from another root keeps its proofs: here a house adds an outcome, and one that shows as another is refused.
#[test]
fn a_house_takes_outcomes_in_and_adds_its_own() {
    let contract = |shed: &str| {
        compile_text(&format!(
            "=== slo.toml ===\nname = \"house\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n\n[vocabularies]\n\"std.rpc\" = \"1.44.0\"\n\
             === house.slo ===\npackage house\n\nuse std.otel\nuse std.rpc\n\nscope Service {{}}\n\n\
             meaning Outcome {{\n    ...GrpcOutcome\n    {shed}\n}}\n\n\
             event Call in Service {{\n    outcome: Outcome\n    metric house.calls: counter, unit=\"{{call}}\", points=18 {{ outcome }}\n    \
             log house.call: body=\"a call\"\n    span \"call\": server\n}}\n"
        ))
    };
    let sound = contract(
        "Shed \"too much to do\" { all { rpc.response.status_code = \"UNAVAILABLE\", error.type = \"shed\" }, log warn, span error }",
    );
    assert_eq!(sound.count(Gravity::Error), 0, "{}", rendered(&sound));
    let code = rust_for_include(&sound.checked.unwrap());
    assert!(code.contains("Shed,") && code.contains("DeadlineExceeded,"), "{code}");
    let alike = contract(
        "Shed \"too much to do\" { all { rpc.response.status_code = \"UNAVAILABLE\", error.type = \"UNAVAILABLE\" }, log warn, span error }",
    );
    insta::assert_snapshot!(rendered(&alike));
}

#[test]
fn a_vocabulary_that_is_not_named_is_found() {
    let found = compile_text("package house\n\nuse std.error\n\nscope Service {}\n");
    insta::assert_snapshot!(rendered(&found));
}

#[test]
fn the_codes_are_those_of_the_runtime() {
    let contract = contract("std.error");
    let [attribute] = contract.attributes.as_slice() else { panic!() };
    assert_eq!(attribute.key, "error.code");
    let members = attribute.domain.members.as_deref().unwrap();
    let listed: Vec<String> = members.iter().map(|member| member.wire.value().to_string()).collect();
    let codes: Vec<&str> = ErrorCode::ALL.iter().map(ErrorCode::wire).collect();
    assert_eq!(listed, codes);
    for (number, code) in ErrorCode::ALL.iter().enumerate() {
        assert_eq!(*code as usize, number);
        assert_eq!(ErrorCode::from_wire(code.wire()), Some(*code));
        assert_eq!(format!("{code:?}").to_lowercase(), code.wire().replace('_', "").to_lowercase());
        assert_eq!(code.to_string(), code.wire());
    }
    assert_eq!(ErrorCode::from_wire("NONE"), None);
}

/// Codes that are of a library or of the program, and that no other system has a code for.
const OF_LIBRARIES: [&str; 15] = [
    "DB_CONFIGURATION",
    "DB_CONVERSION_FAILED",
    "DB_POOL_CLOSED",
    "DB_POOL_TIMEOUT",
    "HTTP_BODY",
    "HTTP_CONNECTION_FAILED",
    "HTTP_DECODE",
    "HTTP_INVALID_REQUEST",
    "HTTP_OTHER",
    "HTTP_REDIRECT",
    "HTTP_TIMEOUT",
    "OS_OTHER",
    "TASK_CANCELLED",
    "TASK_PANICKED",
    "TASK_TIMEOUT",
];

#[test]
fn each_code_of_another_system_has_the_one_that_its_source_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stdlib-mappings/error/sources.tsv");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut known = BTreeSet::new();
    let mut reached: BTreeSet<&str> = OF_LIBRARIES.into_iter().collect();
    for row in rows {
        let [source, code, name, said] = row.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let number = || code.parse::<i32>().unwrap();
        let found = match source {
            "sqlstate" => Some(ErrorCode::of_sqlstate(code)),
            "sqlite" => Some(ErrorCode::of_sqlite(number())),
            "mysql" => ErrorCode::of_mysql(number().try_into().unwrap()),
            "grpc" => Some(ErrorCode::of_grpc(number())),
            "http" => Some(ErrorCode::of_http(number().try_into().unwrap())),
            // The numbers are Linux's.
            "errno" => cfg!(target_os = "linux").then(|| io::Error::from_raw_os_error(number()).into()),
            "io" => kind(code).map(ErrorCode::from),
            other => panic!("{other}"),
        };
        if source != "errno" || cfg!(target_os = "linux") {
            assert_eq!(found.map(|found| found.wire()), Some(said), "{source} {code} {name}");
        }
        assert!(known.insert((source, code)), "{source} {code} twice");
        reached.insert(said);
    }
    let left: Vec<&str> =
        ErrorCode::ALL.iter().map(ErrorCode::wire).filter(|code| !reached.contains(code)).collect();
    assert!(left.is_empty(), "no source has {left:?}");
}

/// The kind of this name.
fn kind(name: &str) -> Option<io::ErrorKind> {
    use io::ErrorKind::{
        AddrInUse, AddrNotAvailable, AlreadyExists, BrokenPipe, ConnectionAborted, ConnectionRefused,
        ConnectionReset, Deadlock, DirectoryNotEmpty, ExecutableFileBusy, FileTooLarge, HostUnreachable,
        Interrupted, InvalidData, InvalidInput, IsADirectory, NetworkDown, NetworkUnreachable, NotADirectory,
        NotConnected, NotFound, OutOfMemory, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem,
        ResourceBusy, StorageFull, TimedOut, UnexpectedEof, Unsupported, WouldBlock, WriteZero,
    };
    let all = [
        AddrInUse,
        AddrNotAvailable,
        AlreadyExists,
        BrokenPipe,
        ConnectionAborted,
        ConnectionRefused,
        ConnectionReset,
        Deadlock,
        DirectoryNotEmpty,
        ExecutableFileBusy,
        FileTooLarge,
        HostUnreachable,
        Interrupted,
        InvalidData,
        InvalidInput,
        IsADirectory,
        NetworkDown,
        NetworkUnreachable,
        NotADirectory,
        NotConnected,
        NotFound,
        OutOfMemory,
        PermissionDenied,
        QuotaExceeded,
        ReadOnlyFilesystem,
        ResourceBusy,
        StorageFull,
        TimedOut,
        UnexpectedEof,
        Unsupported,
        WouldBlock,
        WriteZero,
    ];
    all.into_iter().find(|kind| format!("{kind:?}") == name)
}
