package dev.kiln.plugins.wordnet;

/**
 * The 45 files that WordNet's lexicographers wrote, in the order of their numbers ({@code
 * lexnames(5WN)}).
 */
enum Category {
    ADJECTIVE_ALL("adj.all", "quality"),
    ADJECTIVE_PERTAINYM("adj.pert", "relation to a noun"),
    ADVERB_ALL("adv.all", "manner"),
    NOUN_TOPS("noun.Tops", "beginning of all nouns"),
    NOUN_ACT("noun.act", "act"),
    NOUN_ANIMAL("noun.animal", "animal"),
    NOUN_ARTIFACT("noun.artifact", "artifact"),
    NOUN_ATTRIBUTE("noun.attribute", "attribute"),
    NOUN_BODY("noun.body", "part of the body"),
    NOUN_COGNITION("noun.cognition", "thought"),
    NOUN_COMMUNICATION("noun.communication", "communication"),
    NOUN_EVENT("noun.event", "event"),
    NOUN_FEELING("noun.feeling", "feeling"),
    NOUN_FOOD("noun.food", "food"),
    NOUN_GROUP("noun.group", "group"),
    NOUN_LOCATION("noun.location", "location"),
    NOUN_MOTIVE("noun.motive", "motive"),
    NOUN_OBJECT("noun.object", "natural object"),
    NOUN_PERSON("noun.person", "person"),
    NOUN_PHENOMENON("noun.phenomenon", "phenomenon"),
    NOUN_PLANT("noun.plant", "plant"),
    NOUN_POSSESSION("noun.possession", "possession"),
    NOUN_PROCESS("noun.process", "process"),
    NOUN_QUANTITY("noun.quantity", "quantity"),
    NOUN_RELATION("noun.relation", "relation"),
    NOUN_SHAPE("noun.shape", "shape"),
    NOUN_STATE("noun.state", "state"),
    NOUN_SUBSTANCE("noun.substance", "substance"),
    NOUN_TIME("noun.time", "time"),
    VERB_BODY("verb.body", "care of the body"),
    VERB_CHANGE("verb.change", "change"),
    VERB_COGNITION("verb.cognition", "thinking"),
    VERB_COMMUNICATION("verb.communication", "telling"),
    VERB_COMPETITION("verb.competition", "competition"),
    VERB_CONSUMPTION("verb.consumption", "eating and drinking"),
    VERB_CONTACT("verb.contact", "touching"),
    VERB_CREATION("verb.creation", "making"),
    VERB_EMOTION("verb.emotion", "emotion"),
    VERB_MOTION("verb.motion", "motion"),
    VERB_PERCEPTION("verb.perception", "perception"),
    VERB_POSSESSION("verb.possession", "giving and taking"),
    VERB_SOCIAL("verb.social", "dealing with people"),
    VERB_STATIVE("verb.stative", "being"),
    VERB_WEATHER("verb.weather", "weather"),
    ADJECTIVE_PARTICIPLE("adj.ppl", "participle");

    private final String label;
    private final String words;

    Category(String label, String words) {
        this.label = label;
        this.words = words;
    }

    /** WordNet's own name of it. */
    String label() {
        return label;
    }

    /** The same in English, as it ends {@code a kind of}; each has its own. */
    String words() {
        return words;
    }
}
