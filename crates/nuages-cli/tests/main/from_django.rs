//! `startproject --from-django`, on a project that has no more of Django than its settings.

use crate::folder::{Folder, Said};

/// What is asked of Django, in a few lines of Python.
const DJANGO: &[(&str, &str)] = &[
    ("manage.py", "import sys\nexec(sys.argv[sys.argv.index('-c') + 1])\n"),
    ("django/__init__.py", "def get_version():\n    return '5.2'\n"),
    ("django/utils/functional.py", "class Promise:\n    pass\n"),
    (
        "django/conf.py",
        "import importlib\nsettings = importlib.import_module('settings')\nsettings.is_overridden = lambda name: True\n",
    ),
];

/// A new project `site` from a project with these settings.
fn translated(folder: &Folder, settings: &str) -> Said {
    let django = folder.join("django");
    for (path, text) in DJANGO.iter().copied().chain([("settings.py", settings)]) {
        let path = django.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder.run(["startproject", "site", "--from-django", "django/manage.py", "--python", "python3"])
}

#[test]
fn values_of_every_kind() {
    let folder = Folder::outside();
    let said = translated(
        &folder,
        "import pathlib, re\n\
         print('settings that speak')\n\
         SECRET_KEY = b'bytes \\xc3\\xbc'\n\
         SECRET_KEY_FALLBACKS = ['former', 'two\\nlines']\n\
         DEBUG = 0\n\
         DISALLOWED_USER_AGENTS = [re.compile('bot', re.I | re.S), re.compile(b'spider')]\n\
         STATIC_ROOT = pathlib.Path('collected')\n\
         RATE = float('inf')\n\
         BLOB = b'\\xff'\n",
    );
    assert_eq!(said.status, 0, "{}", said.err);
    assert_eq!(folder.read("site/.secret_key"), "bytes ü\nformer\n");
    let settings = folder.read("site/settings.toml");
    for line in ["DEBUG = false", "DISALLOWED_USER_AGENTS = [\"(?is)bot\", \"spider\"]"] {
        assert!(settings.lines().any(|found| found == line), "{line}: {settings}");
    }
    assert!(said.out.contains("SECRET_KEY_FALLBACKS: 1 of them"), "{}", said.out);
    for key in ["bytes", "former"] {
        assert!(!said.out.contains(key) && !settings.contains(key), "{}{settings}", said.out);
    }
}

#[test]
fn a_project_that_does_not_run() {
    let folder = Folder::outside();
    for (settings, part) in [
        (
            "raise ValueError('first\\n  second\\nthird')",
            "ValueError: first\n  second\nthird\nit was run by python3",
        ),
        ("import environ", "No module named 'environ'"),
        ("SECRET_KEY = None\nSECRET_KEY_FALLBACKS = ['former']", "give Django another"),
        ("raise SystemExit", "did not tell its settings"),
    ] {
        let said = translated(&folder, settings);
        assert!(said.status == 1 && said.err.contains(part), "{settings}: {}", said.err);
        assert!(!folder.join("site").exists(), "{settings}: something was made all the same");
    }
}
