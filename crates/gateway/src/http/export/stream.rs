//! The stream: chunks, handed out no faster than they are read.
//!
//! Owns what a reader may hold on to. A slow one keeps one snapshot and one chunk in memory, and one that takes nothing
//! for too long loses both: its answer breaks off, which it can tell from an end, and it may go on from its last line.

use std::{io, sync::Arc, time::Duration};

use axum::body::Bytes;
use callboard_entity_model::EntityRef;
use callboard_view::CatalogIndex;
use futures::{Stream, StreamExt as _, stream};
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    time::timeout,
};
use tracing::Instrument as _;

use super::lines;

/// What the writer says to the reader.
enum Piece {
    Chunk(Bytes),
    /// Nothing comes any more. A writer that is gone without having said it was cut off.
    End,
}

/// Returns all lines behind `after` in chunks. `turn` is given back when the last is read, when the reader goes away, or
/// when it has taken nothing for as long as `patience`.
pub(super) fn chunks(
    index: Arc<CatalogIndex>,
    after: Option<EntityRef>,
    turn: OwnedSemaphorePermit,
    patience: Duration,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let (sender, receiver) = mpsc::channel(1);
    // The writer is a task of its own: a connection that can't be written to does not ask for the next chunk, so that
    // nothing inside the answer would notice the time.
    tokio::spawn(write(index, after, turn, patience, sender).in_current_span());
    let chunks = stream::unfold(Some(receiver), async |receiver| {
        let mut receiver = receiver?;
        match receiver.recv().await {
            Some(Piece::Chunk(chunk)) => Some((Ok(chunk), Some(receiver))),
            Some(Piece::End) => None,
            None => Some((Err(io::Error::other("the export was cut off")), None)),
        }
    });
    // Whoever compresses it asks once more after the end.
    chunks.fuse()
}

async fn write(
    index: Arc<CatalogIndex>,
    after: Option<EntityRef>,
    turn: OwnedSemaphorePermit,
    patience: Duration,
    sender: mpsc::Sender<Piece>,
) {
    let mut place = after;
    loop {
        let room = match timeout(patience, sender.reserve()).await {
            Ok(Ok(room)) => room,
            Ok(Err(_)) => return,
            Err(_) => {
                let seconds = patience.as_secs_f64();
                tracing::info!(
                    timeout_s = seconds,
                    "an export is cut off, because its reader took nothing for so long"
                );
                return;
            }
        };
        let Some((chunk, last)) = lines::chunk_after(&index, place.as_ref()) else {
            // Whoever has read to the end may come again at once.
            drop(turn);
            room.send(Piece::End);
            return;
        };
        place = Some(last);
        room.send(Piece::Chunk(chunk));
    }
}
