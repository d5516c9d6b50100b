//! `startapp`: a part, made a part of the site by the lines that the command shows.

use crate::folder::Folder;

#[test]
fn a_part_and_its_lines() {
    let folder = Folder::with_project("parts");
    let made = folder.run_in("site", &["startapp", "blog"]);
    assert_eq!(made.status, 0, "{}", made.err);
    let lines: Vec<&str> = made.out.lines().filter_map(|line| line.trim().strip_prefix("src/")).collect();
    let [module, include] = lines.as_slice() else { panic!("{}", made.out) };
    let (main, module) = module.split_once(' ').unwrap();
    let (urls, include) = include.split_once(' ').unwrap();
    folder.replace(&format!("site/src/{main}"), "mod app;", &format!("mod app;\n{}", module.trim()));
    folder.replace(&format!("site/src/{urls}"), "urlconf([", &format!("urlconf([{}", include.trim()));
    let test = folder.run_in("site", &["test", "blog"]);
    assert!(test.status == 0 && test.out.contains("1 passed"), "{}{}", test.out, test.err);
    let shown = folder.run_in("site", &["showurls"]);
    assert!(shown.out.contains("/blog/") && shown.out.contains("blog:index"), "{}{}", shown.out, shown.err);
    for (name, part) in [
        ("blog", "is there already"),
        ("nuages", "is the name of a crate that the project uses"),
        ("async", "is a word of Rust"),
        ("a-b", "for example `a_b`"),
    ] {
        let said = folder.run_in("site", &["startapp", name]);
        assert!(said.status == 1 && said.err.contains(part), "{}", said.err);
    }
}
