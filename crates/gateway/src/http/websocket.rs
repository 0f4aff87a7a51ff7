//! GraphQL over WebSocket, by the protocol graphql-transport-ws.
//!
//! Owns who may open a socket, how many, and how large a message is. Browsers let any web page open a socket to any server,
//! so a page of another origin is refused unless the settings allow it. The protocol itself is async-graphql's.

use std::sync::Arc;

use async_graphql::http::ALL_WEBSOCKET_PROTOCOLS;
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::{
    extract::{
        FromRequestParts, Request, State, WebSocketUpgrade,
        ws::{CloseFrame, Message},
    },
    http::{
        HeaderMap, HeaderValue,
        header::{ALLOW, HOST, ORIGIN},
    },
    response::Response,
};
use callboard_foundation::ErrorCode;
use futures::{SinkExt, StreamExt, stream};
use serde_json::json;
use tokio::time::timeout;

use super::{HttpState, error_response, error_with, request::RequestId};
use crate::{AnswerCode, GatewaySettings};

/// The protocol's close code for a client that does not say `connection_init` in time.
const INIT_TIMEOUT: u16 = 4408;
/// WebSocket's close code of a server that stops; clients connect again, elsewhere or later.
const GOING_AWAY: u16 = 1001;

/// Turns a GET with `Upgrade: websocket` into a socket; other GETs are refused.
pub(super) async fn open(State(state): State<HttpState>, request_id: RequestId, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let Ok(upgrade) = WebSocketUpgrade::from_request_parts(&mut parts, &()).await else {
        let message = "GraphQL is asked with POST; GET only opens a WebSocket, for subscriptions";
        let mut response = error_response(AnswerCode::MethodNotAllowed, message, &request_id);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        return response;
    };
    if !is_allowed_origin(&parts.headers, &state.settings) {
        let message = "web pages of this origin may not open a WebSocket here";
        return error_response(ErrorCode::Forbidden.into(), message, &request_id);
    }
    let Ok(protocol) = GraphQLProtocol::from_request_parts(&mut parts, &()).await else {
        let message = "the WebSocket must ask for the protocol `graphql-transport-ws`";
        return error_response(ErrorCode::BadInput.into(), message, &request_id);
    };
    let Ok(permit) = Arc::clone(&state.websockets).try_acquire_owned() else {
        let max = state.settings.max_websockets;
        let message = format!("{max} WebSockets are open, which is all that are allowed");
        return error_with(ErrorCode::Unavailable.into(), &message, &request_id, &[("max", json!(max))]);
    };
    let executor = state.executor.clone();
    let max = state.settings.max_body_bytes;
    let upgrade = upgrade.protocols(ALL_WEBSOCKET_PROTOCOLS).max_message_size(max).max_frame_size(max);
    let init_timeout = state.settings.websocket_init_timeout;
    let closing = state.sockets.closing();
    let sockets = state.sockets.clone();
    upgrade.on_upgrade(move |socket| {
        sockets.track(async move {
            let (mut sink, stream) = socket.split();
            let mut stream = stream.take_until(closing.clone().cancelled_owned()).boxed();
            // Whoever opens a socket and then says nothing would hold one of the few for ever.
            let goodbye = match timeout(init_timeout, stream.next()).await {
                Ok(Some(first)) => {
                    let messages = stream::once(async { first }).chain(stream);
                    GraphQLWebSocket::new_with_pair(&mut sink, messages.boxed(), executor, protocol).serve().await;
                    None
                }
                Ok(None) => None,
                Err(_) => Some((INIT_TIMEOUT, "Connection initialisation timeout")),
            };
            let going_away = closing.is_cancelled().then_some((GOING_AWAY, "the server is stopping"));
            if let Some((code, reason)) = goodbye.or(going_away) {
                // The client is gone or silent: whether it hears the reason changes nothing here.
                let _ = sink.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
            }
            drop(permit);
        })
    })
}

/// Returns whether the socket is opened by no web page, by one of this server, or by one that the settings allow.
fn is_allowed_origin(headers: &HeaderMap, settings: &GatewaySettings) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let is_own = origin.split_once("://").is_some_and(|(_, authority)| host == Some(authority));
    is_own || settings.allowed_origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
}
