//! Generates the models of `models.yaml` into `OUT_DIR`.

fn main() -> Result<(), dyntastic_codegen::Failure> {
    dyntastic_codegen::Config::new().schema("models.yaml").generate()
}
