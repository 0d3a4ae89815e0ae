//! What a diff says of another `encrypt` or `compress` is what happens: a model of each way reads what one of each other way
//! has written under its name.

use crate::engine::{config, isolated};
use dyntastic::keys::{LocalKeys, Secret};
use dyntastic::prelude::*;
use dyntastic::{Client, Codec};
use dyntastic_codegen::{Level, Sources, changes};
use dyntastic_tests::seals::{AsBoth, AsBothSince, AsCompressed, AsEncrypted, AsEncryptedSince, AsItIs, AsOtherKey};

/// A text that is shorter when it is compressed.
fn text() -> String {
    "abc".repeat(1_000)
}

macro_rules! ways {
    ($($model:ident: $declared:literal,)*) => {
        /// The names of the models, and the settings of their fields.
        const WAYS: &[(&str, &str)] = &[$((stringify!($model), $declared)),*];

        async fn write(db: &Client) {
            $($model::builder().id(stringify!($model)).value(text()).build().unwrap().save(db).await.unwrap();)*
        }

        /// For each model, whether it reads the item of each one.
        async fn read(db: &Client) -> Vec<Vec<bool>> {
            vec![$({
                let mut read = Vec::new();
                for (writer, _) in WAYS {
                    let item = $model::get(db, *writer).await;
                    assert!(item.as_ref().map_or(true, |item| item.value == text()), "{item:?}");
                    read.push(item.is_ok());
                }
                read
            }),*]
        }
    };
}

ways! {
    AsItIs: "",
    AsCompressed: "compress: zstd",
    AsEncrypted: "encrypt: personal",
    AsEncryptedSince: "encrypt: { key: personal, unencrypted: read }",
    AsBoth: "compress: zstd, encrypt: personal",
    AsBothSince: "compress: zstd, encrypt: { key: personal, unencrypted: read }",
    AsOtherKey: "encrypt: medical",
}

/// A schema with such a field, and a compressed one: without any, the feature could be off.
fn schema(declared: &str) -> Sources {
    let mut sources = Sources::new();
    let other = "other: { type: string, compress: zstd, default: x }";
    let fields = format!("id: string, value: {{ type: string, {declared} }}, {other}");
    let model = format!("M: {{ table: seal_ways, hash_key: id, fields: {{ {fields} }} }}");
    sources.add("models.yaml", format!("dyntastic: 1\nmodels: {{ {model} }}"));
    sources
}

#[tokio::test]
async fn a_diff_knows_which_sealed_values_are_read() {
    for codec in [Codec::Wire, Codec::Map] {
        let keys = |id: &str, byte: u8| LocalKeys::new(id, Secret::from([byte; 32])).unwrap();
        let client = isolated().codec(codec).encryption_key("personal", keys("p", 1));
        let db = client.encryption_key("medical", keys("m", 2)).from_conf(config().await);
        AsItIs::create_table(&db).await.unwrap();
        write(&db).await;
        let read = read(&db).await;
        let mut counts = [[0; 2]; 2];
        for (old, (old_name, was)) in WAYS.iter().enumerate() {
            for (new, (new_name, is)) in WAYS.iter().enumerate().filter(|(new, _)| *new != old) {
                let found = changes(&schema(was), &schema(is)).unwrap();
                let (unreadable, rollout) = (found.breaks(Level::Unreadable), found.breaks(Level::Rollout));
                // Before its field was encrypted, a model with `unencrypted: read` wrote values as they are.
                let is_read = read[new][old] && (read[new][0] || !was.contains("unencrypted"));
                assert_eq!(unreadable, !is_read, "{new_name} after {old_name}, {codec:?}\n{found}");
                assert_eq!(rollout, !read[old][new], "{old_name} beside {new_name}, {codec:?}\n{found}");
                counts[usize::from(unreadable)][usize::from(rollout)] += 1;
            }
        }
        assert!(counts.iter().flatten().all(|count| *count > 3), "{counts:?}");
    }
}
