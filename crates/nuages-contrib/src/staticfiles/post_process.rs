//! Hashed names for all collected files, and references rewritten until nothing changes any more.

use std::collections::HashMap;
use std::io::Read;

use indexmap::IndexMap;
use md5::{Digest, Md5};

use super::error::{StaticFilesError, StaticFilesErrorKind};
use super::folder::{Folder, Kind};
use super::names::{hash, normalized, split, unquote, unsplit, with_hash};
use super::rewriting::Rewriter;
use super::source::{Listed, Source};

/// As often files that refer to one another are gone through.
const MOST_PASSES: usize = 5;

/// A file that was found: where, and under what name.
pub(super) struct Found<'a> {
    pub(super) source: &'a Source,
    pub(super) listed: Listed,
}

/// What post-processing gives.
pub(super) struct Processed {
    /// The hashed name of each name.
    pub(super) paths: IndexMap<String, String>,
    /// The content of those files whose references were looked at, by their hashed name.
    pub(super) contents: HashMap<String, String>,
}

struct Work<'a> {
    root: &'a Folder,
    rewriter: Rewriter<'a>,
    paths: IndexMap<String, String>,
}

pub(super) fn process(
    found: &[Found<'_>],
    root: &Folder,
    static_url: &str,
) -> Result<Processed, StaticFilesError> {
    let mut work = Work { root, rewriter: Rewriter::new(static_url)?, paths: IndexMap::new() };
    // The deepest first: most references lead downwards.
    let mut order: Vec<&Found<'_>> = found.iter().collect();
    order.sort_by_key(|file| std::cmp::Reverse(file.listed.name.split('/').count()));
    let mut adjustable: Vec<(&str, String)> = Vec::new();
    let mut contents: HashMap<String, String> = HashMap::new();
    for file in order {
        let name = file.listed.name.as_str();
        if Rewriter::is_adjustable(name) {
            let original = text(file)?;
            work.adjust(name, &original, &mut contents)?;
            adjustable.push((name, original));
        } else {
            let hash = hash_of(file)?;
            work.paths.insert(name.to_owned(), with_hash(name, &hash));
        }
    }
    for _ in 0..MOST_PASSES {
        let mut changed = Vec::new();
        for (name, original) in &adjustable {
            if work.adjust(name, original, &mut contents)? {
                changed.push(*name);
            }
        }
        if changed.is_empty() {
            let hashed: HashMap<String, String> = adjustable
                .iter()
                .filter_map(|(name, _)| Some((work.paths.get(*name)?.clone(), contents.remove(*name)?)))
                .collect();
            return Ok(Processed { paths: work.paths, contents: hashed });
        }
    }
    let names: Vec<&str> = adjustable.iter().map(|(name, _)| *name).collect();
    Err(StaticFilesError::new(
        StaticFilesErrorKind::PostProcessing,
        format!("files refer to one another in a circle, so that none can have a hash: {}", names.join(", ")),
    ))
}

impl Work<'_> {
    /// Rewrites a file; says whether its hashed name has changed.
    fn adjust(
        &mut self,
        name: &str,
        original: &str,
        contents: &mut HashMap<String, String>,
    ) -> Result<bool, StaticFilesError> {
        let before = match self.paths.get(name) {
            Some(hashed) => hashed.clone(),
            None => with_hash(name, &hash(original.as_bytes())),
        };
        let stored = |target: &str| self.stored(name, target);
        let content = self.rewriter.rewrite(name, original.to_owned(), &stored)?;
        let after = with_hash(name, &hash(content.as_bytes()));
        contents.insert(name.to_owned(), content);
        let changed = before != after;
        self.paths.insert(name.to_owned(), after);
        Ok(changed)
    }

    /// The name on the disk of what a file refers to.
    fn stored(&self, name: &str, target: &str) -> Result<String, StaticFilesError> {
        let target = normalized(target);
        if let Some(known) = self.paths.get(&target) {
            return Ok(known.clone());
        }
        let mut parts = split(&unquote(&target));
        let file = parts.path.trim().to_owned();
        let missing = || {
            StaticFilesError::new(
                StaticFilesErrorKind::PostProcessing,
                format!(
                    "{name} refers to {file}, which is not among the static files; add it, or correct the reference"
                ),
            )
        };
        let io = |error| StaticFilesError::io(&self.root.path().join(&file), error);
        match self.root.kind(&file).map_err(io)? {
            Kind::Folder => return Ok(target),
            Kind::Nothing => return Err(missing()),
            Kind::File => {}
        }
        let mut opened = self.root.open(&file).map_err(io)?.ok_or_else(missing)?;
        parts.path = with_hash(&file, &hash_all(&mut opened.file).map_err(io)?);
        if target.contains("?#") && parts.query.is_empty() {
            parts.path.push('?');
        }
        Ok(unsplit(&parts))
    }
}

fn open(file: &Found<'_>) -> Result<std::fs::File, StaticFilesError> {
    let opened = file.source.open(&file.listed.path);
    let opened = opened.and_then(|opened| opened.ok_or_else(|| std::io::ErrorKind::NotFound.into()));
    opened.map(|opened| opened.file).map_err(|error| failed(file, error))
}

fn failed(file: &Found<'_>, error: std::io::Error) -> StaticFilesError {
    StaticFilesError::io(&file.source.root().join(&file.listed.path), error)
}

fn text(file: &Found<'_>) -> Result<String, StaticFilesError> {
    let mut bytes = Vec::new();
    open(file)?.read_to_end(&mut bytes).map_err(|error| failed(file, error))?;
    String::from_utf8(bytes).map_err(|_| {
        StaticFilesError::new(
            StaticFilesErrorKind::PostProcessing,
            format!("{} is not UTF-8, so that its references cannot be read; convert it", file.listed.name),
        )
    })
}

fn hash_of(file: &Found<'_>) -> Result<String, StaticFilesError> {
    hash_all(&mut open(file)?).map_err(|error| failed(file, error))
}

/// The hash of a file of any length.
fn hash_all(file: &mut impl Read) -> std::io::Result<String> {
    let mut hasher = Md5::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        match buffer.get(..read) {
            Some([]) | None => break,
            Some(bytes) => hasher.update(bytes),
        }
    }
    Ok(hasher.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect())
}
