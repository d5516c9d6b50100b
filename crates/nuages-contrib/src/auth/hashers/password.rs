//! The functions that views call: they wait for a hasher on another thread.

use std::future::Future;

use nuages_http::{Error, ErrorKind, Result, Site};
use zeroize::Zeroizing;

use super::error::HasherError;
use super::password_hashers::{PasswordHashers, Verified};
use super::threads::Threads;

/// What a site keeps.
struct Installed {
    hashers: Result<PasswordHashers, HasherError>,
    threads: Threads,
}

impl Installed {
    fn of(site: &Site) -> &Self {
        site.extensions().get_or_insert_with(|| Self {
            hashers: PasswordHashers::from_settings(site.settings()),
            threads: Threads::per_processor(),
        })
    }

    fn hashers(&self) -> Result<PasswordHashers> {
        self.hashers.clone().map_err(|error| Error::with_source(ErrorKind::ImproperlyConfigured, error))
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&PasswordHashers) -> Result<T, HasherError> + Send + 'static,
    ) -> Result<T> {
        let hashers = self.hashers()?;
        self.threads.run(move || work(&hashers)).await.map_err(HasherError::into_error)
    }
}

/// Gives a site hashers of its own in place of those of PASSWORD_HASHERS, before the first password; says whether it was
/// in time.
///
/// ```
/// use nuages_contrib::auth::hashers::{PBKDF2PasswordHasher, PasswordHashers, install_hashers};
/// use nuages_http::{Settings, Site};
/// let site = Site::new(Settings::default())?;
/// assert!(install_hashers(&site, PasswordHashers::new(PBKDF2PasswordHasher::sha256().iterations(2_000_000))));
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn install_hashers(site: &Site, hashers: PasswordHashers) -> bool {
    let mut installed = false;
    site.extensions().get_or_insert_with(|| {
        installed = true;
        Installed { hashers: Ok(hashers), threads: Threads::per_processor() }
    });
    installed
}

/// Text for the database that only this password fits (`make_password`), by the first hasher of PASSWORD_HASHERS.
///
/// # Errors
/// PASSWORD_HASHERS that cannot be read, a password that the hasher cannot take, or 503 if too many wait for their turn.
pub async fn make_password(site: &Site, password: &str) -> Result<String> {
    make_password_with(site, password, "default").await
}

/// The same by another of the hashers, named by its algorithm.
///
/// ```
/// use nuages_contrib::auth::hashers::make_password_with;
/// # use nuages_http::{Settings, Site};
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let site = Site::new(Settings { PASSWORD_HASHERS: vec!["argon2".into(), "md5".into()], ..Settings::default() })?;
/// let encoded = make_password_with(&site, "correct horse", "md5").await?;
/// assert!(encoded.starts_with("md5$"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
///
/// # Errors
/// As [`make_password`]; or an algorithm that is not in PASSWORD_HASHERS.
pub async fn make_password_with(site: &Site, password: &str, algorithm: &str) -> Result<String> {
    let (password, algorithm) = (Zeroizing::new(password.to_owned()), algorithm.to_owned());
    Installed::of(site)
        .run(move |hashers| {
            let hasher = hashers.get(&algorithm)?;
            hasher.encode(&password, &hasher.salt())
        })
        .await
}

/// Text for the database that no password fits (`make_password(None)`): for users who log in by other means.
///
/// ```
/// use nuages_contrib::auth::hashers::{is_password_usable, make_unusable_password};
/// assert!(!is_password_usable(&make_unusable_password()));
/// ```
#[must_use]
pub fn make_unusable_password() -> String {
    PasswordHashers::make_unusable()
}

/// Is it this password (`check_password`)? No hash, no hasher and no usable password are a wrong password, after as much time.
///
/// # Errors
/// As [`make_password`]; or a hash that is malformed.
pub async fn check_password(site: &Site, password: &str, encoded: &str) -> Result<bool> {
    Ok(verify_password(site, Some(password), encoded).await?.is_correct)
}

/// Is it this password, and should it be hashed anew (`verify_password`)?
///
/// ```
/// use nuages_contrib::auth::hashers::{make_password_with, verify_password};
/// # use nuages_http::{Settings, Site};
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let site = Site::new(Settings { PASSWORD_HASHERS: vec!["argon2".into(), "md5".into()], ..Settings::default() })?;
/// let encoded = make_password_with(&site, "correct horse", "md5").await?;
/// let verified = verify_password(&site, Some("correct horse"), &encoded).await?;
/// assert!(verified.is_correct && verified.must_update, "argon2 stands first");
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
///
/// # Errors
/// As [`check_password`].
pub async fn verify_password(site: &Site, password: Option<&str>, encoded: &str) -> Result<Verified> {
    let (password, encoded) =
        (password.map(|password| Zeroizing::new(password.to_owned())), encoded.to_owned());
    Installed::of(site)
        .run(move |hashers| hashers.verify(password.as_ref().map(|password| password.as_str()), &encoded))
        .await
}

/// Is it this password? If it is, and its hash is of another algorithm or cost than today's, `save` is given the new one
/// (`check_password` with a `setter`).
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> nuages_http::Result<()> {
/// # use nuages_contrib::auth::hashers::{check_password_and_upgrade, install_hashers, PasswordHashers, PBKDF2PasswordHasher, MD5PasswordHasher};
/// # use nuages_http::{Settings, Site};
/// # let site = Site::new(Settings::default())?;
/// # install_hashers(&site, PasswordHashers::new(PBKDF2PasswordHasher::sha256().iterations(10)).with(MD5PasswordHasher));
/// let mut stored = "md5$seasalt$3f86d0d3d465b7b458c231bf3555c0e3".to_owned();
/// let old = stored.clone();
/// let right = check_password_and_upgrade(&site, "lètmein", &old, async |new| {
///     stored = new;
///     Ok(())
/// });
/// assert!(right.await?);
/// assert!(stored.starts_with("pbkdf2_sha256$10$"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`check_password`], or whatever `save` fails with.
pub async fn check_password_and_upgrade<F: Future<Output = Result<()>>>(
    site: &Site,
    password: &str,
    encoded: &str,
    save: impl FnOnce(String) -> F,
) -> Result<bool> {
    let verified = verify_password(site, Some(password), encoded).await?;
    if verified.is_correct && verified.must_update {
        save(make_password(site, password).await?).await?;
    }
    Ok(verified.is_correct)
}
