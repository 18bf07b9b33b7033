//! Tests of the count readers, on words the runners really say.

use super::*;

fn check(found: Outcome, counts: (u64, u64, u64), failures: &[&str]) {
    assert_eq!((found.passed, found.failed, found.skipped), counts, "{found:?}");
    assert_eq!(found.failures, failures);
}

#[test]
fn nextest_counts_every_kind_of_failure() {
    let text = "\
     SIGABRT [   0.005s] (1/3) nx tests::ab
────────────
     Summary [   0.151s] 3 tests run: 1 passed, 2 failed, 1 skipped
     SIGABRT [   0.005s] (1/3) nx tests::ab
        FAIL [   0.150s] (3/3) nx tests::bad
error: test run failed
";
    let failures =
        ["SIGABRT [   0.005s] (1/3) nx tests::ab", "FAIL [   0.150s] (3/3) nx tests::bad"];
    check(nextest(text), (1, 2, 1), &failures);
}

#[test]
fn nextest_counts_are_read_past_the_remarks_in_brackets() {
    let one = "     Summary [   0.010s] 1 test run: 1 passed, 0 skipped\n";
    check(nextest(one), (1, 0, 0), &[]);
    let many = "Summary [ 60.1s] 9 tests run: 6 passed (1 slow, 2 leaky), 1 failed, 1 exec failed, \
                1 timed out, 4 skipped";
    check(nextest(many), (6, 3, 4), &[]);
    check(nextest("Summary [ 0.0s] 0 tests run: 0 passed, 4 skipped"), (0, 0, 4), &[]);
}

#[test]
fn nextest_that_did_not_compile_has_no_counts() {
    check(nextest("error: could not compile `nx` (lib) due to 1 error"), (0, 0, 0), &[]);
}

#[test]
fn cargo_test_lines_are_summed() {
    let text = "\
running 3 tests
test tests::good ... ok
test tests::bad ... FAILED
test tests::later ... ignored
test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.14s
   Doc-tests nx
test src/lib.rs - f (line 2) ... ok
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";
    check(cargo_test(text), (2, 1, 1), &["tests::bad"]);
}

#[test]
fn vitest_counts_tests_and_files_that_did_not_load() {
    let json = br#"{"numTotalTests":4,"numPassedTests":2,"numFailedTests":1,"numPendingTests":1,
        "numTodoTests":0,"success":false,"testResults":[
        {"name":"a.test.ts","status":"failed","message":"","assertionResults":[
            {"fullName":"keys moves down","status":"failed"},
            {"fullName":"keys moves up","status":"passed"}]},
        {"name":"b.test.ts","status":"failed","message":"Cannot find x\nat y",
         "assertionResults":[]}]}"#;
    let found = vitest(json).expect("a report");
    check(found, (2, 2, 1), &["keys moves down", "b.test.ts: Cannot find x"]);
    assert!(vitest(b"{}").is_err());
    assert!(vitest(b"oops").is_err());
}

#[test]
fn playwright_counts_a_flaky_test_as_failed() {
    let json = br#"{"suites":[{"title":"grid.spec.ts","specs":[
        {"title":"scrolls","file":"grid.spec.ts","tests":[{"status":"expected"}]}],
        "suites":[{"specs":[
        {"title":"stars","file":"grid.spec.ts","tests":[{"status":"unexpected"}]},
        {"title":"sorts","file":"grid.spec.ts","tests":[{"status":"flaky"}]}]}]}],
        "errors":[{"message":"port taken\nmore"}],
        "stats":{"expected":5,"skipped":1,"unexpected":1,"flaky":1}}"#;
    let failures = ["grid.spec.ts: stars", "grid.spec.ts: sorts", "port taken"];
    check(playwright(json).expect("a report"), (5, 2, 1), &failures);
    assert!(playwright(br#"{"stats":{}}"#).is_err());
}

#[test]
fn acceptance_lines_are_counted_and_others_ignored() {
    let text = "starting\nok records\nFAILED outputs: 3, not 4\nskipped prompts: no data\nokay\n";
    check(acceptance(text), (1, 1, 1), &["outputs: 3, not 4"]);
}
