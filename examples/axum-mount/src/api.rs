//! The API: an axum router like any other.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use crate::visitor::Visitor;

#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<Book>>>);

#[derive(Clone, Deserialize, Serialize)]
struct Book {
    title: String,
    #[serde(default)]
    lent_by: String,
}

// ANCHOR: router
pub(crate) fn router() -> Router {
    Router::new()
        .route("/books", get(list).post(lend))
        .route("/books/{number}", get(book))
        .with_state(Shelf::default())
}
// ANCHOR_END: router

async fn list(State(shelf): State<Shelf>) -> Json<Vec<Book>> {
    Json(shelf.books())
}

async fn book(State(shelf): State<Shelf>, Path(number): Path<usize>) -> Result<Json<Book>, StatusCode> {
    shelf.books().get(number).cloned().map(Json).ok_or(StatusCode::NOT_FOUND)
}

// ANCHOR: lend
/// Puts a book on the shelf, in the name of the visitor whom the site knows.
async fn lend(
    State(shelf): State<Shelf>,
    Visitor(name): Visitor,
    Json(book): Json<Book>,
) -> (StatusCode, Json<Book>) {
    let book = Book { lent_by: name, ..book };
    shelf.0.lock().unwrap_or_else(PoisonError::into_inner).push(book.clone());
    (StatusCode::CREATED, Json(book))
}
// ANCHOR_END: lend

impl Shelf {
    fn books(&self) -> Vec<Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
