package dev.kiln.plugins.wordnet;

/** WordNet's parts of speech, in the order of the corpus. */
enum PartOfSpeech {
    NOUN("noun", "data.noun"),
    VERB("verb", "data.verb"),
    ADJECTIVE("adjective", "data.adj"),
    ADVERB("adverb", "data.adv");

    private final String word;
    private final String file;

    PartOfSpeech(String word, String file) {
        this.word = word;
        this.file = file;
    }

    String word() {
        return word;
    }

    /** The name of WordNet's data file. */
    String file() {
        return file;
    }
}
