//! Pages: the four arguments `first`, `after`, `last`, `before`, and what is said about a page.
//!
//! Owns the turn from arguments to a bounded request, and `PageInfo`. Walking an order is `view`'s work; short lists that
//! are at hand as a whole are cut here.

use async_graphql::SimpleObject;

use crate::{GatewaySettings, error::GatewayError};

/// The paging arguments as given.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageArguments {
    /// How many from the start.
    pub(crate) first: Option<i32>,
    /// The cursor to start after.
    pub(crate) after: Option<String>,
    /// How many from the end.
    pub(crate) last: Option<i32>,
    /// The cursor to end before.
    pub(crate) before: Option<String>,
}

/// A bounded request for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Page {
    /// So many, after the cursor.
    Forward(usize, Option<String>),
    /// So many, before the cursor.
    Backward(usize, Option<String>),
}

impl PageArguments {
    /// Checks the arguments against each other and the limits.
    pub(crate) fn resolve(self, settings: &GatewaySettings) -> Result<Page, GatewayError> {
        match (self.first, self.last) {
            (Some(_), Some(_)) => Err(GatewayError::bad_argument("first", "can't be given together with `last`")),
            (None, Some(last)) if self.after.is_none() => {
                Ok(Page::Backward(checked_size("last", last, settings)?, self.before))
            }
            (None, Some(_)) => Err(GatewayError::bad_argument("after", "can't be given together with `last`")),
            _ if self.before.is_some() => Err(GatewayError::bad_argument("before", "needs `last`")),
            (Some(first), None) => Ok(Page::Forward(checked_size("first", first, settings)?, self.after)),
            (None, None) => Ok(Page::Forward(settings.default_page_size, self.after)),
        }
    }
}

fn checked_size(argument: &'static str, size: i32, settings: &GatewaySettings) -> Result<usize, GatewayError> {
    match usize::try_from(size) {
        Ok(size) if size <= settings.max_page_size => Ok(size),
        Ok(requested) => Err(GatewayError::PageSizeExceeded { argument, requested, max: settings.max_page_size }),
        Err(_) => Err(GatewayError::bad_argument(argument, format!("is {size}, but must not be negative"))),
    }
}

/// Checks how many items a list argument has.
pub(crate) fn check_list_length(
    argument: &'static str,
    requested: usize,
    settings: &GatewaySettings,
) -> Result<(), GatewayError> {
    match requested <= settings.max_page_size {
        true => Ok(()),
        false => Err(GatewayError::PageSizeExceeded { argument, requested, max: settings.max_page_size }),
    }
}

/// Where a page stands in its list.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct PageInfo {
    /// Whether there is more after this page.
    pub(crate) has_next_page: bool,
    /// Whether there is more before this page.
    pub(crate) has_previous_page: bool,
    /// The cursor of the first item; null when the page is empty.
    pub(crate) start_cursor: Option<String>,
    /// The cursor of the last item; null when the page is empty.
    pub(crate) end_cursor: Option<String>,
}

/// A page cut from a list that is at hand as a whole, each item with its cursor.
#[derive(Debug)]
pub(crate) struct Cut<T> {
    /// The items of the page.
    pub(crate) items: Vec<(String, T)>,
    /// Where the page stands.
    pub(crate) info: PageInfo,
}

/// Cuts a page from a list whose items are in the order of their keys. A cursor is the key of an item, which needs not be
/// there any more.
pub(crate) fn cut<T>(page: Page, items: Vec<T>, key: impl Fn(&T) -> String) -> Result<Cut<T>, GatewayError> {
    let mut keyed: Vec<(String, T)> = items.into_iter().map(|item| (key(&item), item)).collect();
    let total = keyed.len();
    let (start, end) = match &page {
        Page::Forward(size, after) => {
            let start = match after {
                Some(cursor) => decode(cursor).map(|after| keyed.partition_point(|(key, _)| *key <= after))?,
                None => 0,
            };
            (start, total.min(start + size))
        }
        Page::Backward(size, before) => {
            let end = match before {
                Some(cursor) => decode(cursor).map(|before| keyed.partition_point(|(key, _)| *key < before))?,
                None => total,
            };
            (end.saturating_sub(*size), end)
        }
    };
    keyed.truncate(end);
    let items: Vec<_> = keyed.drain(start..).map(|(key, item)| (encode(&key), item)).collect();
    let info = PageInfo {
        has_next_page: end < total,
        has_previous_page: start > 0,
        start_cursor: items.first().map(|(cursor, _)| cursor.clone()),
        end_cursor: items.last().map(|(cursor, _)| cursor.clone()),
    };
    Ok(Cut { items, info })
}

fn encode(key: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(format!("k:{key}"))
}

fn decode(cursor: &str) -> Result<String, GatewayError> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let key = text.as_deref().and_then(|text| text.strip_prefix("k:"));
    key.map(str::to_owned).ok_or(GatewayError::InvalidCursor)
}

#[cfg(test)]
mod tests;
