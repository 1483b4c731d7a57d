package dev.kiln.plugins.text;

import dev.kiln.spi.Context;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.DataSourceFactory;
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
                MappedTokens.open("train", context.resolve(options.train()), options.dtype()),
                MappedTokens.open("heldOut", context.resolve(options.heldOut()), options.dtype()),
                options.order());
    }
}
