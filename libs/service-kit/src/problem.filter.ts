import { DomainError } from '@leasewire/contracts';
import { currentContext, newId } from '@leasewire/messaging';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fromFramework, problemMediaType, problemOf } from './errors.js';
import { Logger } from './logger.js';

/** Whatever a controller throws, as problem+json. A surprise is logged with its stack and answered with a number to tell us. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const correlationId = currentContext.getStore()?.correlationId ?? newId('cor');
    const known = error instanceof DomainError ? error : (fromFramework(error) ?? this.#surprise(error, correlationId));
    const problem = problemOf(known, { instance: request.url.split('?')[0] ?? '', correlationId });
    const wait = known.details['retryAfterSeconds'];
    if (typeof wait === 'number') void reply.header('retry-after', String(Math.ceil(wait)));
    void reply.status(problem.status).header('content-type', problemMediaType).send(JSON.stringify(problem));
  }

  #surprise(error: unknown, correlationId: string): DomainError {
    this.logger.error({ err: error, correlationId }, 'a request failed in a way nobody expected');
    return new DomainError('internal', `Something went wrong on our side. Tell support this number: ${correlationId}.`);
  }
}
