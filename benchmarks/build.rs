//! Generates the models that are measured.

fn main() -> Result<(), dyntastic_codegen::Failure> {
    dyntastic_codegen::Config::new().schema("models.yaml").generate()
}
