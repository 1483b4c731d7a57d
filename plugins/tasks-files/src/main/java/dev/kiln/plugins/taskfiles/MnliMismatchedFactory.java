package dev.kiln.plugins.taskfiles;

import org.pf4j.Extension;

/** {@code mnli-mismatched}: {@link Mnli}, of genres that the training part does not have. */
@Extension
public final class MnliMismatchedFactory extends FilesTaskFactory {
    public MnliMismatchedFactory() {
        super(
                "mnli-mismatched",
                Mnli.SHAPE,
                PartNames.of("train.tsv", "dev_mismatched.tsv", "test_mismatched.tsv"),
                Mnli.FORMAT);
    }
}
