use std::io::Write;
use std::panic::{self, PanicHookInfo};

/// Makes a panic say where it happened and nothing else: its message could hold a piece of a claim.
pub(super) fn install_hook() {
    panic::set_hook(Box::new(|info| {
        let _ = writeln!(std::io::stderr(), "{}", words(info));
    }));
}

fn words(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
    let place = place.as_deref().unwrap_or("an unknown place");
    format!("error: internal error at {place}; please report this line (it holds nothing of your claims)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex, PoisonError};
    use std::thread;

    #[test]
    #[allow(clippy::panic, reason = "it is about panics")]
    fn a_panic_repeats_nothing_of_a_claim() {
        let said = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&said);
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            // Other tests may fail meanwhile, each in a thread of its own name.
            if thread::current().name() == Some("a panic") {
                into.lock().unwrap_or_else(PoisonError::into_inner).push(words(info));
            } else {
                usual(info);
            }
        }));
        for job in [
            || panic!("XANTHE WILLOW"),
            || panic!("{}", "XANTHE".repeat(2)),
            || {
                std::panic::panic_any(("XANTHE", 7));
            },
        ] {
            let job: fn() = job;
            let ended =
                thread::Builder::new().name("a panic".to_owned()).spawn(job).map(thread::JoinHandle::join);
            assert!(ended.is_ok_and(|ended| ended.is_err()), "it panics");
        }
        drop(panic::take_hook());
        let said = said.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(said.len(), 3);
        for words in said.iter() {
            assert!(words.contains("internal_error.rs:") && !words.contains("XANTHE"), "{words}");
        }
    }
}
