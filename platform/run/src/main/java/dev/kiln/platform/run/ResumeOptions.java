package dev.kiln.platform.run;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.OneOf;
import dev.kiln.spi.Shorthand;
import java.util.List;

/** Whether a run continues what is in its folder. */
@Shorthand("mode")
public record ResumeOptions(
        @Doc("auto continues from the run folder's last whole checkpoint, if there is one")
                @Default("never")
                @OneOf({"never", "auto"})
                String mode,
        @Doc(
                        "options that may be others than before though they change what is learned, by key, such as training.batch; data for other data")
                @Default("[]")
                List<String> allow) {
    /** Begins. */
    public static final ResumeOptions NEVER = new ResumeOptions("never", List.of());

    /** Continues what is there. */
    public static final ResumeOptions AUTO = new ResumeOptions("auto", List.of());

    /**
     * @throws InvalidInput when changes are allowed to a run that is not resumed
     */
    public ResumeOptions {
        allow = List.copyOf(allow);
        if (mode.equals("never") && !allow.isEmpty()) {
            throw new InvalidInput(
                    "resume.allow: nothing is resumed; add resume=auto, or resume.mode: auto");
        }
    }

    /** Whether what is in the run folder is continued. */
    public boolean isAuto() {
        return mode.equals("auto");
    }
}
