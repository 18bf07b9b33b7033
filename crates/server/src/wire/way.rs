//! The way through a view as it is sent.

use serde::Serialize;
use utoipa::ToSchema;

/// The next record to review; empty when there is none.
#[derive(Debug, Serialize, ToSchema)]
pub struct NextBody {
    /// Its position in the view, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub index: Option<u32>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub custom_id: Option<String>,
    /// The reviewer has starred it before and is to judge it again; left out if not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub reshown: bool,
    /// Where there is none: how many are left that others have before them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub claimed: Option<u32>,
}

/// Where a record stands in a view; empty when it is not in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PositionBody {
    /// Its position, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub index: Option<u32>,
}
