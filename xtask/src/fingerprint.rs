//! Fingerprints of inputs, kept beside what was made of them, so that unchanged work is not done twice.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::repo;

/// A growing fingerprint. The order in which things are added counts.
#[derive(Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds words: versions, options.
    pub fn words(mut self, words: &[&str]) -> Self {
        for word in words {
            self.part(word.as_bytes());
        }
        self
    }

    /// Adds a file by its content.
    pub fn file(mut self, path: &Path) -> Result<Self> {
        let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        self.part(&content);
        Ok(self)
    }

    /// Adds every file of a folder by name and content.
    pub fn folder(mut self, folder: &Path) -> Result<Self> {
        for file in files_below(folder)? {
            let name = file.strip_prefix(folder)?.to_string_lossy().into_owned();
            self = self.words(&[&name]).file(&file)?;
        }
        Ok(self)
    }

    /// The fingerprint as hex.
    pub fn finish(self) -> String {
        base16ct::lower::encode_string(&self.0.finalize())
    }

    // The length keeps two neighbouring parts from reading like two others.
    fn part(&mut self, bytes: &[u8]) {
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
    }
}

/// A remembered fingerprint of what was last made.
pub struct Stamp {
    file: PathBuf,
    current: String,
}

impl Stamp {
    /// Compares `current` with what `name` was made of last.
    pub fn new(name: &str, current: String) -> Self {
        Self { file: repo::workshop().join(format!("{name}.stamp")), current }
    }

    /// Whether nothing changed since.
    pub fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|kept| kept == self.current)
    }

    /// To be called when the work is done, never before.
    pub fn keep(&self) -> Result<()> {
        fs::create_dir_all(repo::workshop())?;
        fs::write(&self.file, &self.current)?;
        Ok(())
    }
}

/// All files below a folder, sorted, without what npm installed there. A folder that is absent has none.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                open.extend((!path.ends_with("node_modules")).then_some(path));
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
