//! The disk of this computer.
#![expect(clippy::disallowed_methods, reason = "this is the door")]

use crate::{Disk, Fill, Log};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

const BUFFER_BYTES: usize = 256 * 1024;
/// The owner reads and writes, nobody else does anything.
const PRIVATE: u32 = 0o600;

/// The disk of this computer.
#[derive(Debug, Default, Clone, Copy)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn open_log(&self, path: &Path) -> io::Result<Box<dyn Log>> {
        make_folder_of(path)?;
        let is_new = !path.exists();
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        if is_new {
            sync_folder_of(path)?;
        }
        Ok(Box::new(RealLog { file, path: path.to_owned() }))
    }

    fn make_private(&self, path: &Path) -> io::Result<()> {
        make_folder_of(path)?;
        match OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(path) {
            Ok(_) => sync_folder_of(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let mode = fs::metadata(path)?.mode();
                if mode & 0o077 != 0 {
                    fs::set_permissions(path, Permissions::from_mode(mode & 0o700))?;
                }
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn replace(&self, path: &Path, fill: Fill<'_>) -> io::Result<()> {
        // What a link leads to is replaced, and stays readable for whom it was.
        let path = &fs::canonicalize(path).unwrap_or_else(|_new| path.to_owned());
        let draft = Draft::write(path, fill)?;
        if let Ok(there) = fs::metadata(path) {
            draft.file.set_permissions(there.permissions())?;
        }
        draft.file.sync_all()?;
        fs::rename(&draft.path, path)?;
        sync_folder_of(path)
    }

    fn keep(&self, path: &Path, fill: Fill<'_>) -> io::Result<()> {
        let draft = Draft::write(path, fill)?;
        fs::rename(&draft.path, path)
    }

    fn put_new(&self, path: &Path, fill: Fill<'_>) -> io::Result<()> {
        let draft = Draft::write(path, fill)?;
        draft.file.sync_all()?;
        // A link fails when the name is taken; a rename would put the file over it.
        fs::hard_link(&draft.path, path)?;
        sync_folder_of(path)
    }

    fn stream(&self, path: &Path) -> io::Result<Box<dyn Write + Send>> {
        make_folder_of(path)?;
        Ok(Box::new(BufWriter::with_capacity(BUFFER_BYTES, File::create(path)?)))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// A file being written beside its place; gone when it is dropped.
struct Draft {
    path: PathBuf,
    file: File,
}

impl Draft {
    /// Writes the draft of `target`.
    fn write(target: &Path, fill: Fill<'_>) -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        make_folder_of(target)?;
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = target.with_file_name(format!(".{name}.{}-{number}.part", std::process::id()));
        let draft = Self { file: File::create(&path)?, path };
        let mut writer = BufWriter::with_capacity(BUFFER_BYTES, &draft.file);
        fill(&mut writer)?;
        writer.flush()?;
        drop(writer);
        Ok(draft)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After a rename there is nothing left to take away.
        fs::remove_file(&self.path).ok();
    }
}

#[derive(Debug)]
struct RealLog {
    file: File,
    path: PathBuf,
}

impl Log for RealLog {
    fn lock(&mut self) -> io::Result<()> {
        self.file.lock()
    }

    fn unlock(&mut self) -> io::Result<()> {
        self.file.unlock()
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn is_current(&self) -> io::Result<bool> {
        let ours = self.file.metadata()?;
        Ok(match fs::metadata(&self.path) {
            Ok(there) => (there.dev(), there.ino()) == (ours.dev(), ours.ino()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        })
    }
}

fn make_folder_of(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// A new name is on the disk only when its folder is.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(disk: &dyn Disk, path: &Path, text: &str) -> io::Result<()> {
        disk.put_new(path, &mut |w| w.write_all(text.as_bytes()))
    }

    #[test]
    fn a_log_grows_beside_other_writers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/log");
        let mut log = RealDisk.open_log(&path).unwrap();
        log.lock().unwrap();
        log.append(b"one\n").unwrap();
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"two\n").unwrap();
        log.append(b"three\n").unwrap();
        log.sync().unwrap();
        log.unlock().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one\ntwo\nthree\n");
        assert!(log.is_current().unwrap());
        fs::remove_file(&path).unwrap();
        assert!(!log.is_current().unwrap());
    }

    #[test]
    fn replacing_leaves_no_draft_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for text in ["old", "new"] {
            RealDisk.replace(&path, &mut |w| w.write_all(text.as_bytes())).unwrap();
        }
        let failed = RealDisk.replace(&path, &mut |w| {
            w.write_all(b"half")?;
            Err(io::Error::other("stopped"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_new_file_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        put(&RealDisk, &path, "first").unwrap();
        let error = put(&RealDisk, &path, "second").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
    }

    #[test]
    fn a_private_file_is_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/secret");
        let rights = || fs::metadata(&path).unwrap().mode() & 0o777;
        RealDisk.make_private(&path).unwrap();
        assert_eq!(rights(), 0o600);
        fs::write(&path, "kept").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o664)).unwrap();
        RealDisk.make_private(&path).unwrap();
        assert_eq!((rights(), &*fs::read_to_string(&path).unwrap()), (0o600, "kept"));
    }

    #[test]
    fn removing_nothing_is_fine() {
        let folder = tempfile::tempdir().unwrap();
        RealDisk.remove(&folder.path().join("none")).unwrap();
    }
}
