//! GraphQL over WebSocket.
//!
//! Owns who may open a socket, and how many. Browsers let any web page open a socket to any server, so a page of another
//! origin is refused unless the settings allow it. What is said over a socket is `callboard_transport`'s matter.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, WebSocketUpgrade},
    http::{
        HeaderMap, HeaderValue,
        header::{HOST, ORIGIN, RETRY_AFTER},
    },
    response::Response,
};
use callboard_foundation::ErrorCode;
use callboard_transport::{WEBSOCKET_PROTOCOL, accept_websocket, serve_websocket};
use serde_json::json;

use super::{HttpState, error_response, error_with, request::RequestId};
use crate::GatewaySettings;

/// After how many seconds a place may have become free.
const RETRY_SECONDS: &str = "5";

/// Turns a GET with `Upgrade: websocket` into a socket.
pub(super) async fn open(state: HttpState, request_id: RequestId, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => {
            let message = format!("the connection can't become a WebSocket: {rejection}");
            return error_response(ErrorCode::BadInput.into(), &message, &request_id);
        }
    };
    if !is_allowed_origin(&parts.headers, &state.settings) {
        let message = "web pages of this origin may not open a WebSocket here";
        return error_response(ErrorCode::Forbidden.into(), message, &request_id);
    }
    let Some(upgrade) = accept_websocket(upgrade, &state.settings.websocket) else {
        let message = format!("the WebSocket must ask for the protocol `{WEBSOCKET_PROTOCOL}`");
        return error_response(ErrorCode::BadInput.into(), &message, &request_id);
    };
    let Ok(permit) = Arc::clone(&state.streams).try_acquire_owned() else {
        return all_taken(&state, &request_id);
    };
    let closing = state.sockets.closing();
    let sockets = state.sockets.clone();
    upgrade.on_upgrade(move |socket| {
        sockets.track(async move {
            let id = request_id.as_str().to_owned();
            serve_websocket(socket, state.executor.clone(), &state.settings.websocket, closing, id).await;
            drop(permit);
        })
    })
}

/// Says that as many sockets and streams are open as are allowed.
pub(super) fn all_taken(state: &HttpState, request_id: &RequestId) -> Response {
    let max = state.settings.max_streams;
    let message = format!("{max} WebSockets and event streams are open, which is all that are allowed");
    let mut response = error_with(ErrorCode::Unavailable.into(), &message, request_id, &[("max", json!(max))]);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
    response
}

/// Returns whether the socket is opened by no web page, by one of this server, or by one that the settings allow.
fn is_allowed_origin(headers: &HeaderMap, settings: &GatewaySettings) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let is_own = origin.split_once("://").is_some_and(|(_, authority)| host == Some(authority));
    is_own || settings.allowed_origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
}
