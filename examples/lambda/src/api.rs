//! The function `api`: products and their reviews, behind API Gateway.

use crate::models::{CreateProduct, Product, Review, WriteReview};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use dyntastic::axum::{Cursor, Valid};
use dyntastic::ops::Page;
use dyntastic::prelude::*;
use dyntastic::ulid::Ulid;
use dyntastic::{Client, Result};

/// The routes of the function, with their items in this DynamoDB.
pub fn routes(db: Client) -> Router {
    Router::new()
        .route("/products", post(create))
        .route("/products/{product}", get(read))
        .route("/products/{product}/reviews", get(reviews).post(write_review))
        .route("/products/{product}/reviews/{review}", delete(remove_review))
        .with_state(db)
}

async fn create(State(db): State<Client>, Valid(product): Valid<CreateProduct>) -> Result<(StatusCode, Json<Product>)> {
    product.insert(&db).await?;
    Ok((StatusCode::CREATED, Json(product)))
}

async fn read(State(db): State<Client>, Path(product): Path<Ulid>) -> Result<Json<Product>> {
    Ok(Json(Product::get(&db, product).await?))
}

async fn reviews(State(db): State<Client>, Path(product): Path<Ulid>, cursor: Cursor) -> Result<Json<Page<Review>>> {
    Ok(Json(Review::query(&db, product).descending().limit(20).cursor(cursor).page().await?))
}

async fn write_review(
    State(db): State<Client>,
    Path(product): Path<Ulid>,
    Valid(review): Valid<WriteReview>,
) -> Result<(StatusCode, Json<Review>)> {
    let review = review.product_id(product).build()?;
    db.transaction().check_exists::<Product>(product).insert(&review).await?;
    Ok((StatusCode::CREATED, Json(review)))
}

async fn remove_review(State(db): State<Client>, Path(review): Path<(Ulid, Ulid)>) -> Result<StatusCode> {
    Review::delete_by_key(&db, review).await?;
    Ok(StatusCode::NO_CONTENT)
}
