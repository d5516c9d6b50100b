//! Who has an account. A real site asks its database.

use nuages::contrib::auth::hashers::{check_password, make_unusable_password};
use nuages::prelude::*;

/// Names and hashes; this one was made by Django's `make_password`, of the password `lovelace`.
const ACCOUNTS: [(&str, &str); 1] = [(
    "ada",
    "scrypt$16384$pepperAndSalt1843ofAda$8$5$\
     EpMxJN9SI567nNHmvgp5z8+erjuEeMkTL91cAGDDuZSFgPcLpuApUrgWm7IgMeQh8+xGakjZv4x0EHoXbvL9wA==",
)];

// ANCHOR: check
/// Is this the password of that name?
pub(crate) async fn check(request: &HttpRequest, name: &str, password: &str) -> Result<bool> {
    let account = ACCOUNTS.iter().find(|(known, _)| *known == name);
    // It takes as long for a name that nobody has: the time must not tell which there are.
    let encoded = account.map_or_else(make_unusable_password, |(_, encoded)| (*encoded).to_owned());
    check_password(request.site(), password, &encoded).await
}
// ANCHOR_END: check
