//! What the chores need besides Rust: taken from apt, pip and cargo when missing, all of it inside the repository
//! but for the apt packages.

use std::path::PathBuf;

use crate::command::Run;
use crate::workspace::Workspace;

/// What pip installs, and nothing else.
const REQUIREMENTS: &str = "tests/django/requirements.txt";

/// The version of the book's builder; apt has none.
const MDBOOK: &str = "0.5.4";

/// The servers that tests start for themselves: a program, and Debian's package of it.
const SERVERS: &[(&str, &str)] = &[
    ("redis-server", "redis-server"),
    ("memcached", "memcached"),
    ("postgres", "postgresql"),
    ("psql", "postgresql-client"),
    ("mariadbd", "mariadb-server"),
    ("mariadb-install-db", "mariadb-server"),
    ("nginx", "nginx-light"),
    ("openssl", "openssl"),
];

/// Installs packages without starting their services: tests start servers of their own. An administrator's policy is
/// left as it is.
const INSTALL: &str = r#"policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod 755 "$policy" || exit 1
fi
apt-get -q install -y --no-install-recommends "$@""#;

/// Exits with 0 only if this Python can make a virtual environment that runs Django 5.2.
const PYTHON_PROBE: &str = "import ensurepip, sqlite3, sys, venv; sys.exit(sys.version_info < (3, 10))";

/// Installs what is missing: apt packages (Chromium among them), the formatter and the linter, Django in a virtual environment.
pub(crate) fn run(workspace: &Workspace) -> Result<(), String> {
    let mut missing = Vec::new();
    if !Run::new("git", &workspace.root).args(["--version"]).succeeds() {
        missing.push("git");
    }
    // SQLite is C, the fuzzer is C++.
    if !["cc", "c++"]
        .iter()
        .all(|compiler| Run::new(compiler, &workspace.root).args(["--version"]).succeeds())
    {
        missing.push("build-essential");
    }
    if !Run::new("curl", &workspace.root).args(["--version"]).succeeds() {
        missing.push("curl");
    }
    // The browser of `tests/browser`.
    if !Run::new("chromedriver", &workspace.root).args(["--version"]).succeeds() {
        missing.extend(["chromium", "chromium-driver"]);
    }
    if python(workspace).is_none() {
        missing.extend(["python3", "python3-venv"]);
    }
    missing.extend(SERVERS.iter().filter(|(program, _)| !is_installed(program)).map(|(_, package)| package));
    missing.dedup();
    if !missing.is_empty() {
        install(workspace, &missing)?;
    }
    components(workspace)?;
    venv(workspace).map(drop)
}

fn install(workspace: &Workspace, packages: &[&str]) -> Result<(), String> {
    let named = packages.join(" ");
    if !Run::new("apt-get", &workspace.root).args(["--version"]).succeeds() {
        return Err(format!("missing: {named}; there is no apt-get here, install them by hand"));
    }
    let user = Run::new("id", &workspace.root).args(["-u"]).output()?;
    let as_root = |arguments: &[&str]| {
        let run = if user.trim() == "0" {
            Run::new("env", &workspace.root)
        } else {
            // Never ask: without a terminal the question would wait for ever.
            Run::new("sudo", &workspace.root).args(["-n", "env"])
        };
        run.args(["DEBIAN_FRONTEND=noninteractive"])
            .args(arguments)
            .check()
            .map_err(|e| format!("{e}; as root, run: apt-get install {named}"))
    };
    as_root(&["apt-get", "-q", "update"])?;
    as_root(&[&["sh", "-c", INSTALL, "sh"], packages].concat())
}

/// Whether there is such a program, on the path or where Debian puts servers.
fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    folders.iter().any(|folder| folder.join(program).is_file())
}

fn components(workspace: &Workspace) -> Result<(), String> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if !Run::cargo(&workspace.root).args([subcommand, "--version"]).succeeds() {
            Run::new("rustup", &workspace.root)
                .args(["component", "add", component])
                .check()
                .map_err(|e| format!("{e}; install {component} for this toolchain"))?;
        }
    }
    Ok(())
}

/// A Python that can make the virtual environment: the first on the path, else Debian's own.
fn python(workspace: &Workspace) -> Option<&'static str> {
    ["python3", "/usr/bin/python3"]
        .into_iter()
        .find(|python| Run::new(python, &workspace.root).args(["-c", PYTHON_PROBE]).succeeds())
}

/// The Python of the virtual environment that has Django; made, or made anew when the requirements changed.
pub(crate) fn venv(workspace: &Workspace) -> Result<PathBuf, String> {
    let folder = workspace.root.join(".venv");
    let interpreter = folder.join("bin/python");
    let stamp = folder.join("installed-requirements.txt");
    let requirements = std::fs::read_to_string(workspace.root.join(REQUIREMENTS))
        .map_err(|e| format!("cannot read {REQUIREMENTS}: {e}"))?;
    let current = std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == requirements);
    if current && Run::new(&interpreter, &workspace.root).args(["-c", "import django"]).succeeds() {
        return Ok(interpreter);
    }
    let python = python(workspace)
        .ok_or("no Python 3.10 or newer with venv; run `cargo xtask test setup`, or install python3-venv")?;
    Run::new(python, &workspace.root).args(["-m", "venv", "--clear", ".venv"]).check()?;
    Run::new(&interpreter, &workspace.root)
        .args(["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "-r", REQUIREMENTS])
        .check()?;
    std::fs::write(&stamp, requirements).map_err(|e| format!("cannot write {}: {e}", stamp.display()))?;
    Ok(interpreter)
}

/// The book's builder, built once beneath the target folder.
pub(crate) fn mdbook(workspace: &Workspace) -> Result<PathBuf, String> {
    // A folder of its own: one that was built without the search has the same version.
    let folder = workspace.target.join("tools/mdbook");
    let program = folder.join("bin/mdbook");
    let version = Run::new(&program, &workspace.root).args(["--version"]).output().unwrap_or_default();
    if !version.contains(MDBOOK) {
        // With the search, and without `serve` and `watch`, which nobody needs to build it.
        Run::cargo(&workspace.root)
            .args([
                "install",
                "mdbook",
                "--version",
                &format!("={MDBOOK}"),
                "--locked",
                "--no-default-features",
                "--features",
                "search",
            ])
            .args(["--force", "--quiet", "--root"])
            .args([&folder])
            .check()?;
    }
    Ok(program)
}
