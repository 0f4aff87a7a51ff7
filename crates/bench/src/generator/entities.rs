//! The text of each entity of the made-up organisation.
//!
//! Owns names, references between entities, and YAML by kind. How many there are and in which file they land is
//! `super`'s business. Start reading at [`Organisation::write_entity`].

use std::fmt::Write as _;

use super::{
    Sizes,
    random::Random,
    words::{FIRST_NAMES, LAST_NAMES, PROSE, QUALITIES, TAGS, THINGS},
};

const COMPONENT_TYPES: &[&str] = &["service", "service", "service", "library", "website", "worker", "job"];
const LIFECYCLES: &[&str] = &["production", "production", "production", "experimental", "deprecated"];
const RESOURCE_TYPES: &[&str] = &["database", "bucket", "topic", "cache"];
const NAMESPACES: &[&str] = &["labs", "platform", "partners"];

/// What was written.
pub(super) struct MadeEntity {
    pub(super) kind: &'static str,
    pub(super) entity_ref: String,
}

/// An organisation whose entities are written one after the other; each refers only to names that can be computed.
pub(super) struct Organisation {
    sizes: Sizes,
    random: Random,
}

impl Organisation {
    pub(super) fn new(sizes: Sizes, random: Random) -> Self {
        Self { sizes, random }
    }

    /// Appends the YAML document of entity number `index` and tells what it was.
    pub(super) fn write_entity(&mut self, index: usize, text: &mut String) -> MadeEntity {
        let sizes = self.sizes;
        let mut index = index;
        for (count, write) in [
            (sizes.groups, Self::group as fn(&mut Self, usize, &mut Document)),
            (sizes.users, Self::user),
            (sizes.domains, Self::domain),
            (sizes.systems, Self::system),
            (sizes.resources, Self::resource),
            (sizes.apis, Self::api),
            (sizes.templates, Self::template),
        ] {
            if index < count {
                return self.finish(index, write, text);
            }
            index -= count;
        }
        self.finish(index, Self::component, text)
    }

    fn finish(&mut self, index: usize, write: fn(&mut Self, usize, &mut Document), text: &mut String) -> MadeEntity {
        let mut document =
            Document { text, version: "backstage.io/v1alpha1", kind: "", name: String::new(), namespace: "default" };
        write(self, index, &mut document);
        let entity_ref = format!("{}:{}/{}", document.kind.to_lowercase(), document.namespace, document.name);
        MadeEntity { kind: document.kind, entity_ref }
    }

    fn group(&mut self, index: usize, document: &mut Document) {
        document.begin("Group", &group_name(index), "default");
        document.line(1, &format!("description: {}", self.sentence()));
        document.line(0, "spec:");
        document.line(1, if index == 0 { "type: organization" } else { "type: team" });
        document.line(1, &format!("profile: {{displayName: \"{}\"}}", title(&group_name(index))));
        if index > 0 {
            // Eight children each: a tree about as deep as a company's.
            document.line(1, &format!("parent: {}", group_name((index - 1) / 8)));
        }
        document.line(1, "children: []");
    }

    fn user(&mut self, index: usize, document: &mut Document) {
        let first = FIRST_NAMES[index % FIRST_NAMES.len()];
        let last = LAST_NAMES[index / FIRST_NAMES.len() % LAST_NAMES.len()];
        let name = format!("{first}.{last}.{index}");
        document.begin("User", &name, "default");
        document.line(1, &format!("annotations: {{example.org/desk: \"{}\"}}", 1000 + self.random.below(9000)));
        document.line(0, "spec:");
        document.line(1, &format!("profile: {{displayName: \"{}\", email: {name}@example.org}}", title(&name)));
        document.line(1, "memberOf:");
        let teams = if self.random.chance(20) { 2 } else { 1 };
        for _ in 0..teams {
            let team = self.team();
            document.line(2, &format!("- {team}"));
        }
    }

    fn domain(&mut self, index: usize, document: &mut Document) {
        document.begin("Domain", &domain_name(index), "default");
        document.line(1, &format!("description: {}", self.sentence()));
        document.line(0, "spec:");
        document.line(1, &format!("owner: {}", self.team()));
    }

    fn system(&mut self, index: usize, document: &mut Document) {
        self.described("System", &system_name(index), document);
        document.line(0, "spec:");
        document.line(1, &format!("owner: {}", self.team()));
        document.line(1, &format!("domain: {}", domain_name(self.random.below_popular(self.sizes.domains))));
    }

    fn resource(&mut self, index: usize, document: &mut Document) {
        self.described("Resource", &resource_name(index), document);
        document.line(0, "spec:");
        document.line(1, &format!("type: {}", self.random.pick(RESOURCE_TYPES)));
        document.line(1, &format!("owner: {}", self.team()));
        document.line(1, &format!("system: {}", self.any_system()));
    }

    fn api(&mut self, index: usize, document: &mut Document) {
        let name = api_name(index);
        self.described("API", &name, document);
        document.line(0, "spec:");
        document.line(1, "type: openapi");
        document.line(1, &format!("lifecycle: {}", self.random.pick(LIFECYCLES)));
        document.line(1, &format!("owner: {}", self.team()));
        document.line(1, &format!("system: {}", self.any_system()));
        document.line(1, "definition: |");
        document.line(2, &format!("openapi: 3.1.0\n    info: {{title: {name}, version: 1.0.{}}}", index % 30));
        document.line(2, "paths:");
        for _ in 0..2 {
            let thing = self.random.pick(THINGS);
            document.line(3, &format!("/{thing}/{{id}}:"));
            document.line(4, &format!("get: {{summary: Reads {thing}, responses: {{'200': {{description: found}}}}}}"));
        }
    }

    fn template(&mut self, index: usize, document: &mut Document) {
        document.version = "scaffolder.backstage.io/v1beta3";
        self.described("Template", &format!("new-service-{index}"), document);
        document.line(0, "spec:");
        document.line(1, "type: service");
        document.line(1, &format!("owner: {}", self.team()));
        document.line(1, "parameters: [{title: Name, properties: {name: {type: string}}}]");
        document.line(1, "steps: [{id: note, action: 'debug:log', input: {message: made}}]");
    }

    fn component(&mut self, index: usize, document: &mut Document) {
        let namespace = component_namespace(index);
        let name = component_name(index);
        document.begin("Component", &name, namespace);
        document.line(1, &format!("title: \"{}\"", title(&name)));
        document.line(1, &format!("description: {} {}", self.sentence(), self.sentence()));
        if self.random.chance(50) {
            document
                .line(1, &format!("labels: {{tier: \"{}\", cost-centre: cc-{}}}", index % 3, self.random.below(80)));
        }
        document.line(1, "annotations:");
        document.line(2, &format!("github.com/project-slug: example/{name}"));
        document.line(2, "backstage.io/techdocs-ref: dir:.");
        self.tags(document);
        if self.random.chance(50) {
            document.line(1, &format!("links: [{{url: \"https://{name}.example.org\", title: Dashboard}}]"));
        }
        document.line(0, "spec:");
        document.line(1, &format!("type: {}", self.random.pick(COMPONENT_TYPES)));
        document.line(1, &format!("lifecycle: {}", self.random.pick(LIFECYCLES)));
        document.line(1, &format!("owner: group:default/{}", self.team()));
        document.line(1, &format!("system: default/{}", self.any_system()));
        self.dependencies(index, document);
        if self.random.chance(30) {
            let api = self.any_api();
            document.line(1, &format!("providesApis: [default/{api}]"));
        }
        if self.random.chance(50) {
            let (first, second) = (self.any_api(), self.any_api());
            document.line(1, &format!("consumesApis: [default/{first}, default/{second}]"));
        }
    }

    fn dependencies(&mut self, index: usize, document: &mut Document) {
        let components = self.random.below(4).min(index);
        let resources = self.random.below(3);
        if components + resources == 0 {
            return;
        }
        document.line(1, "dependsOn:");
        for _ in 0..components {
            let on = self.random.below_popular(index);
            document.line(2, &format!("- component:{}/{}", component_namespace(on), component_name(on)));
        }
        for _ in 0..resources {
            let on = self.random.below(self.sizes.resources);
            document.line(2, &format!("- resource:default/{}", resource_name(on)));
        }
    }

    fn described(&mut self, kind: &'static str, name: &str, document: &mut Document) {
        document.begin(kind, name, "default");
        document.line(1, &format!("title: \"{}\"", title(name)));
        document.line(1, &format!("description: {}", self.sentence()));
        self.tags(document);
    }

    fn tags(&mut self, document: &mut Document) {
        let start = self.random.below(TAGS.len());
        let count = self.random.below(5);
        let tags: Vec<&str> = TAGS.iter().cycle().skip(start).step_by(3).take(count).copied().collect();
        document.line(1, &format!("tags: [{}]", tags.join(", ")));
    }

    fn sentence(&mut self) -> String {
        let mut sentence = title(self.random.word(THINGS));
        for _ in 0..6 + self.random.below(8) {
            sentence.push(' ');
            sentence.push_str(self.random.word(PROSE));
        }
        sentence
    }

    fn team(&mut self) -> String {
        group_name(self.random.below_popular(self.sizes.groups))
    }

    fn any_system(&mut self) -> String {
        system_name(self.random.below(self.sizes.systems))
    }

    fn any_api(&mut self) -> String {
        api_name(self.random.below_popular(self.sizes.apis))
    }
}

/// One YAML document as it is written.
struct Document<'a> {
    text: &'a mut String,
    version: &'static str,
    kind: &'static str,
    name: String,
    namespace: &'static str,
}

impl Document<'_> {
    fn begin(&mut self, kind: &'static str, name: &str, namespace: &'static str) {
        self.kind = kind;
        name.clone_into(&mut self.name);
        self.namespace = namespace;
        let version = self.version;
        self.line(0, &format!("---\napiVersion: {version}\nkind: {kind}\nmetadata:\n  name: {name}"));
        if namespace != "default" {
            self.line(1, &format!("namespace: {namespace}"));
        }
    }

    fn line(&mut self, indent: usize, text: &str) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.text, "{:width$}{text}", "", width = indent * 2);
    }
}

fn pair(index: usize) -> String {
    let (qualities, things) = (QUALITIES.len(), THINGS.len());
    format!("{}-{}-{index}", QUALITIES[index % qualities], THINGS[index / qualities % things])
}

fn group_name(index: usize) -> String {
    if index == 0 { "example-organisation".to_owned() } else { format!("{}-team", pair(index)) }
}

fn domain_name(index: usize) -> String {
    format!("{}-domain-{index}", THINGS[index % THINGS.len()])
}

fn system_name(index: usize) -> String {
    format!("{}-system", pair(index))
}

fn resource_name(index: usize) -> String {
    format!("{}-store", pair(index))
}

fn api_name(index: usize) -> String {
    format!("{}-api", pair(index))
}

fn component_name(index: usize) -> String {
    pair(index)
}

/// One component in twenty lives outside the default namespace.
fn component_namespace(index: usize) -> &'static str {
    if index % 20 == 7 { NAMESPACES[index / 20 % NAMESPACES.len()] } else { "default" }
}

fn title(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in name.split(['-', '.']) {
        let mut letters = word.chars();
        words.push(letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default());
    }
    words.join(" ")
}
