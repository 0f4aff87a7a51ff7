//! The first lines that a person sees: where to click, and a query to paste.
//!
//! Owns these words. Where nobody looks at a terminal, one log line says the address.

use callboard_config::Settings;
use tokio::net::TcpListener;

use crate::{
    adapters::database_target,
    database,
    failure::{Failure, Status},
    output,
};

/// A query for the example organisation, and for any other catalog too.
const QUERY: &str = include_str!("welcome/query.graphql");

/// Says where the server is.
pub(super) fn show(listener: &TcpListener, settings: &Settings, is_example: bool) -> Result<(), Failure> {
    let address = listener.local_addr().map_err(|error| Failure::new(Status::Internal, error))?;
    let database = database::describe(&database_target(settings));
    tracing::info!(%address, database, "listening");
    if !output::is_terminal() {
        return Ok(());
    }
    let base = match &settings.backend.base_url {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        None => format!("http://localhost:{}", address.port()),
    };
    output::print(&text(&base, &database, is_example.then_some(settings)))
}

fn text(base: &str, database: &str, example: Option<&Settings>) -> String {
    let mut text = format!(
        "\nCallboard {} answers.\n\n  query editor  {base}/\n  GraphQL       {base}/graphql\n  stored in     {database}\n",
        env!("CARGO_PKG_VERSION")
    );
    if let Some(settings) = example {
        let folder = settings.callboard.data_directory.join("example");
        text.push_str(&format!(
            "\nNothing is configured, so this is an example organisation. Edit the files in\n{} and see the answers change.\n",
            folder.display()
        ));
    }
    text.push_str(&format!("\nA query to paste into the editor:\n\n{QUERY}\nCtrl-C stops.\n\n"));
    text
}
