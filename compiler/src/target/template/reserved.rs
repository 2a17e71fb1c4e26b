//! The words that a language keeps for itself.

use super::language::Language;

impl Language {
    /// Whether no name may be this word: a keyword, or a name that is known everywhere and can't be declared again, or whose second
    /// meaning breaks what stands beside it.
    pub(super) fn reserves(self, word: &str) -> bool {
        let words = match self {
            Language::Go => GO,
            Language::Java => JAVA,
            Language::Python => PYTHON,
            Language::TypeScript => TYPESCRIPT,
        };
        words.split_ascii_whitespace().any(|one| one == word)
    }
}

/// The Go specification: "Keywords", "Predeclared identifiers", "Blank identifier".
const GO: &str = "
    _ any append bool break byte cap case chan clear close comparable complex complex128 complex64 const
    continue copy default defer delete else error fallthrough false float32 float64 for func go goto if
    imag import init int int16 int32 int64 int8 interface iota len main make map max min new nil package
    panic print println range real recover return rune select string struct switch true type uint uint16
    uint32 uint64 uint8 uintptr var
";

/// The Java language specification (SE 17, 3.9), and the methods of `java.lang.Object`.
const JAVA: &str = "
    _ abstract assert boolean break byte case catch char class clone const continue default do double
    else enum equals extends false final finalize finally float for getClass goto hashCode if implements
    import instanceof int interface java javax long native new notify notifyAll null package permits
    private protected public record return sealed short static strictfp super switch synchronized this
    throw throws toString transient true try var void volatile wait when while yield
";

/// Python's reference, "Keywords" (3.13).
const PYTHON: &str = "
    False None True _ __debug__ and as assert async await break case class continue def del elif else
    except finally for from global if import in is lambda match nonlocal not or pass raise return try
    type while with yield
";

/// ECMAScript 2023 (12.7.2), TypeScript's contextual types, and globals that a declaration would hide.
const TYPESCRIPT: &str = "
    Array BigInt Boolean Infinity Map NaN Number Object Promise Readonly ReadonlyArray Record Set String
    Symbol abstract any arguments as async await bigint boolean break case catch class const continue
    debugger declare default delete do else enum eval export extends false finally for function get
    globalThis if implements import in instanceof interface let module namespace never new null number
    object of package private protected public return set static string super switch symbol this throw
    true try type typeof undefined unknown var void while with yield
";
