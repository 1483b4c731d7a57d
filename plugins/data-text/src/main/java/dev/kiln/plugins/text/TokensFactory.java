package dev.kiln.plugins.text;

import dev.kiln.spi.Context;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.DataSourceFactory;
import dev.kiln.spi.data.Tokens;
import org.pf4j.Extension;

/**
 * {@code tokens}: ids that were made elsewhere, in nanoGPT's form: a file is the raw little-endian
 * ids and nothing else; or in llm.c's, with a header. The files are mapped, so they may be larger
 * than memory; they must not change while the run lasts. The run's tokenizer must be the one that
 * made them.
 */
@Extension
public final class TokensFactory implements DataSourceFactory<TokensOptions> {
    @Override
    public String name() {
        return "tokens";
    }

    @Override
    public Class<TokensOptions> options() {
        return TokensOptions.class;
    }

    @Override
    public DataSource create(TokensOptions options, Context context) {
        return new TokenFiles(
                open("train", options.train(), options, context),
                options.heldOut().map(file -> open("heldOut", file, options, context)),
                options.order());
    }

    private static Tokens open(String option, String file, TokensOptions options, Context context) {
        return MappedTokens.open(option, context.resolve(file), options.dtype());
    }
}
