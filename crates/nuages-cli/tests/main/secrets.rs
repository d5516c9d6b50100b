//! `secret`: a new key, and the former one, which nobody is shown.

use crate::folder::{Folder, said};

#[test]
fn generate() {
    let folder = Folder::outside();
    let [first, second] = [folder.run(["secret", "generate"]).out, folder.run(["secret", "generate"]).out];
    assert_ne!(first, second);
    assert_eq!(first.trim_end().len(), 64);
    // A key that is lost is no key.
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = folder.nuages("").args(["secret", "generate"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard output cannot be written"));
}

#[test]
fn rotate() {
    let folder = Folder::with_project("rotate");
    let before = folder.read("site/.secret_key");
    let rotated = folder.run_in("site", &["secret", "rotate"]);
    assert_eq!(rotated.status, 0, "{}", rotated.err);
    let after = folder.read("site/.secret_key");
    let (new, former) = after.trim_end().split_once('\n').unwrap();
    assert_eq!(former, before.trim_end());
    for key in [new, former] {
        assert!(!rotated.out.contains(key) && !rotated.err.contains(key));
    }
    let refused = said(folder.nuages("site").args(["secret", "rotate"]).env("SECRET_KEY", "from elsewhere"));
    assert!(
        refused.status == 1 && refused.err.contains("SECRET_KEY is set in the environment"),
        "{}",
        refused.err
    );
    assert!(!refused.err.contains("from elsewhere"));
    assert_eq!(folder.read("site/.secret_key"), after);
}
